/** What more cells and more facilities bring: a plan's curves, and another one's in the same drawings. */
import type { ReactNode } from "react";
import type { Plan } from "../../api/types";
import { Curve } from "../../charts/curve";
import { useWords } from "../../i18n/words";

export interface CurvesProps {
  plan: Plan;
  second: Plan | null;
  /** What the plan is called in the drawings; "this plan" if not given. */
  here?: string;
  /** Puts a drawing under its title. */
  frame: (title: string, drawing: ReactNode) => ReactNode;
}

export function Curves({ plan, second, here, frame }: CurvesProps) {
  const { m } = useWords();
  const cells = (of: Plan) => ({ points: of.curve.map((point) => ({ x: point.cap, y: point.expected })), at: { x: of.cells, y: of.expected } });
  const sites = (of: Plan) => ({ points: of.facility_curve.map((point) => ({ x: point.cap, y: point.expected })), at: { x: of.facilities, y: of.expected } });
  return (
    <div className="columns">
      {frame(m.plan.curve, <Curve label={m.plan.curve} xName={m.plan.curveX} yName={m.plan.curveY} {...cells(plan)} second={second && cells(second)} here={here} />)}
      {frame(m.plan.curveSites, <Curve label={m.plan.curveSites} xName={m.plan.curveSitesX} yName={m.plan.curveY} {...sites(plan)} second={second && sites(second)} here={here} />)}
    </div>
  );
}

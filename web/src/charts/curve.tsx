/** What more brings: a line that bends, where the plan stands on it, and another plan to compare. */
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { niceTicks } from "./scale";
import "./charts.css";

export interface CurvePoint {
  x: number;
  y: number;
}

export interface CurveProps {
  label: string;
  xName: string;
  yName: string;
  points: CurvePoint[];
  at: CurvePoint | null;
  second?: { points: CurvePoint[]; at: CurvePoint } | null;
  /** What the point is called; "this plan" if not given. */
  here?: string | undefined;
}

const LEFT = 52;
const RIGHT = 16;
const TOP = 22;
const BOTTOM = 38;
const HEIGHT = 260;

export function Curve({ label, xName, yName, points, at, second = null, here }: CurveProps) {
  const { m, f } = useWords();
  const name = here ?? m.plan.here;
  const [ref, width] = useWidth<HTMLDivElement>(480);
  const all = [...points, ...(second?.points ?? []), ...(at ? [at] : []), ...(second ? [second.at] : [])];
  if (!points.length) return <p className="soft">{m.common.empty}</p>;
  const [mostX, mostY] = [Math.max(1, ...all.map((point) => point.x)), Math.max(1, ...all.map((point) => point.y)) * 1.05];
  const x = (value: number) => LEFT + (value / mostX) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / mostY) * (HEIGHT - TOP - BOTTOM);
  const path = (of: CurvePoint[]) => of.map((point, index) => `${index ? "L" : "M"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join("");
  const last = points[points.length - 1] ?? { x: 0, y: 0 };
  const said = at ? `${label}. ${name}${m.common.colon} ${f.count(at.x)} ${xName}, ${f.count(at.y)} ${yName}` : label;
  return (
    <div className="chart" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={said}>
        {niceTicks(mostY, 4).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} className={`rule ${tick ? "" : "even"}`} />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {f.count(tick)}
            </text>
          </g>
        ))}
        {niceTicks(mostX, Math.max(2, Math.floor(width / 110))).map((tick) => (
          <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
            {f.count(tick)}
          </text>
        ))}
        <text x={0} y={12}>
          {yName}
        </text>
        <text x={width - RIGHT} y={HEIGHT - 4} textAnchor="end">
          {xName}
        </text>
        <path d={`${path(points)}L${x(last.x)} ${y(0)}L${x(points[0]?.x ?? 0)} ${y(0)}z`} className="under" />
        <path d={path(points)} className="line" />
        {second && <path d={path(second.points)} className="line second" />}
        {second && <circle cx={x(second.at.x)} cy={y(second.at.y)} r={6} className="point second" />}
        {at && (
          <g>
            <line x1={x(at.x)} x2={x(at.x)} y1={y(at.y)} y2={y(0)} className="rule even" />
            <circle cx={x(at.x)} cy={y(at.y)} r={6.5} className="point" />
            <text x={x(at.x) + (x(at.x) > width * 0.7 ? -12 : 12)} y={y(at.y) + (x(at.x) > width * 0.7 ? 34 : 18)} textAnchor={x(at.x) > width * 0.7 ? "end" : "start"} className="strong">
              {name}{m.common.colon} {f.count(at.y)}
            </text>
          </g>
        )}
      </svg>
    </div>
  );
}

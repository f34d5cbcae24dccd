import { FileText } from "lucide-react";
import { useMemo } from "react";
import { briefPath } from "../../api/client";
import { Paper } from "../../design/paper";
import type { Plan } from "../../api/types";
import { FacilityLink } from "../../app/facility-link";
import { useMay } from "../../app/me";
import { Share } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";

/** What a raised limit would bring, as bars. */
export function Prices({ plan }: { plan: Plan }) {
  const { m, f, pick } = useWords();
  const most = Math.max(0.001, ...plan.prices.map((price) => price.gain));
  if (!plan.prices.length) return <p className="soft">{m.common.empty}</p>;
  return (
    <ul className="plain prices">
      {[...plan.prices].sort((a, b) => b.gain - a.gain).map((price) => (
        <li key={price.limit.en}>
          <span>{pick(price.limit)}</span>
          <Share value={price.gain / most} label={f.signed(price.gain)} />
        </li>
      ))}
    </ul>
  );
}

/** To a tenth, as figures are shown. */
const tenths = (value: number) => Math.round(value * 10) / 10;

/** A name, its figure, and whether it is a result. */
type Row = [string, (plan: Plan) => number | null, boolean];

export interface CompareProps {
  standing: Plan | null;
  tried: Plan;
  /** What the two are called, where they aren't the plan that stands and a trial. */
  names?: [string, string];
  label?: string;
}

/** Two plans side by side; without one that stands, the trial alone. */
export function Compare({ standing, tried, names, label }: CompareProps) {
  const { m, f } = useWords();
  const [first, second] = names ?? [m.plan.standing, m.plan.tried];
  const digits = (value: number) => (Number.isInteger(tenths(value)) ? 0 : 1);
  const figure = (value: number | null) => (value === null ? "–" : f.decimal(tenths(value), digits(value)));
  const teamRows: Row[] = [
    [m.plan.teams, (plan) => plan.limits.teams, false],
    [m.plan.hours, (plan) => plan.limits.hours, false],
  ];
  const rows: Row[] = [
    [m.plan.expected, (plan) => plan.expected, true],
    [m.plan.cellsCount, (plan) => plan.cells, true],
    [m.plan.sites, (plan) => plan.facilities, true],
    [m.plan.bound, (plan) => plan.bound, true],
    [m.plan.toFind, (plan) => plan.expected_found, true],
    [m.plan.cells, (plan) => plan.limits.cells, false],
    [m.plan.cellsEach, (plan) => plan.limits.cells_each, false],
    ...(tried.limits.teams || standing?.limits.teams ? teamRows : []),
    [m.plan.waves, (plan) => plan.limits.waves || null, false],
  ];
  return (
    <div className="table-frame" role="group" aria-label={label ?? m.plan.compare} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <td />
            {standing && <th scope="col" className="num"><i className="dot-key" /> {first}</th>}
            <th scope="col" className="num"><i className="dot-key second" /> {second}</th>
            {standing && <th scope="col" className="num">{m.plan.difference}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of, result]) => {
            const [was, would] = [standing && of(standing), of(tried)];
            return (
              <tr key={name}>
                <th scope="row" className={result ? "" : "soft"}>{name}</th>
                {standing && <td className="num">{figure(was)}</td>}
                <td className="num">{figure(would)}</td>
                {standing && <td className="num">{was != null && would != null && Math.abs(would - was) > 0.05 ? f.signed(would - was, digits(would - was)) : "–"}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type Site = Plan["by_facility"][number];

export function BySite({ plan }: { plan: Plan }) {
  const { m, f, lang } = useWords();
  const brief = useMay()("brief");
  const columns = useMemo((): Column<Site>[] => {
    const most = Math.max(0.001, ...plan.by_facility.map((site) => site.expected));
    return [
      { id: "name", title: m.plan.sites, key: (site) => site.name, width: 12, show: (site) => <FacilityLink facility={site.facility}>{site.name}</FacilityLink> },
      { id: "expected", title: m.plan.expected, key: (site) => site.expected, numeric: true, width: 10, show: (site) => <Share value={site.expected / most} label={f.decimal(site.expected)} /> },
      { id: "cells", title: m.plan.cellsCount, key: (site) => site.cells, numeric: true, width: 6, show: (site) => f.count(site.cells) },
      { id: "teams", title: m.plan.teamsColumn, key: (site) => site.teams, numeric: true, width: 6, rank: "mid", show: (site) => f.count(site.teams) },
      ...(brief
        ? [{
            id: "brief", title: m.plan.brief, width: 9, rank: "mid" as const,
            show: (site: Site) => (
              <Paper path={briefPath(site.facility, lang)} label={m.plan.briefFor(site.name)}>
                <FileText size={16} aria-hidden /> PDF
              </Paper>
            ),
          }]
        : []),
    ];
  }, [plan, m, f, lang, brief]);
  return <Table label={m.plan.bySite} columns={columns} rows={plan.by_facility} rowKey={(site) => site.facility} first={{ column: "expected", descending: true }} tall />;
}

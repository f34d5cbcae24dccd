/** What tells two plans apart: totals, limits, facilities, cells. */
import { useMemo } from "react";
import type { CellAlone, FacilityDifference, PlanComparison } from "../../api/types";
import { FacilityLink } from "../../app/facility-link";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";
import { Curves } from "./curves";
import { Compare } from "./tables";

type Names = [string, string];

export function Difference({ compared }: { compared: PlanComparison }) {
  const { m } = useWords();
  const names: Names = [compared.one.id ?? m.plan.one, compared.other.id ?? m.plan.other];
  return (
    <div className="difference">
      <section>
        <h3>{m.plan.totals}</h3>
        <Compare standing={compared.one} tried={compared.other} names={names} label={m.plan.totals} />
      </section>
      <Limits compared={compared} names={names} />
      <Curves
        plan={compared.one} second={compared.other} here={names[0]}
        frame={(title, drawing) => <section key={title} className="span-6"><h3>{title}</h3>{drawing}</section>}
      />
      <section>
        <h3>{m.plan.sitesDiffer}</h3>
        {compared.closed > 0 && <p className="soft">{m.plan.closedSites(compared.closed)}</p>}
        <Sites facilities={compared.facilities} names={names} />
      </section>
      <Alone facilities={compared.facilities} names={names} />
    </div>
  );
}

function Limits({ compared, names }: { compared: PlanComparison; names: Names }) {
  const { m } = useWords();
  if (!compared.limits.length) return <p className="soft">{m.plan.limitsSame}</p>;
  return (
    <section>
      <h3>{m.plan.limitsDiffer}</h3>
      <div className="table-frame" role="group" aria-label={m.plan.limitsDiffer} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{m.plan.limit}</th>
              {names.map((name) => <th key={name} scope="col">{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {compared.limits.map(({ limit, one, other }) => (
              <tr key={limit}>
                <th scope="row" className="mono">{limit}</th>
                <td>{one ?? m.plan.notSet}</td>
                <td>{other ?? m.plan.notSet}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** By how much the second plan expects more. */
const more = ({ one, other }: FacilityDifference) => (other?.expected ?? 0) - (one?.expected ?? 0);

function Sites({ facilities, names }: { facilities: FacilityDifference[]; names: Names }) {
  const { m, f } = useWords();
  const columns = useMemo((): Column<FacilityDifference>[] => {
    const part = (side: "one" | "other", what: "cells" | "expected") => (site: FacilityDifference) => site[side]?.[what] ?? 0;
    const figure = (id: string, title: string, side: "one" | "other", what: "cells" | "expected"): Column<FacilityDifference> => ({
      id, title, key: part(side, what), numeric: true, width: 9, rank: "mid", show: (site) => (site[side] ? f.decimal(part(side, what)(site), what === "cells" ? 0 : 1) : "–"),
    });
    return [
      { id: "name", title: m.plan.sites, key: (site) => site.name, width: 13, show: (site) => <FacilityLink facility={site.facility}>{site.name}</FacilityLink> },
      figure("cells-one", `${m.plan.cellsCount}, ${names[0]}`, "one", "cells"),
      figure("cells-other", `${m.plan.cellsCount}, ${names[1]}`, "other", "cells"),
      figure("expected-one", `${m.plan.expected}, ${names[0]}`, "one", "expected"),
      figure("expected-other", `${m.plan.expected}, ${names[1]}`, "other", "expected"),
      { id: "more", title: m.plan.difference, key: more, numeric: true, width: 8, show: (site) => f.signed(more(site)) },
    ];
  }, [m, f, names]);
  if (!facilities.length) return null;
  return <Table label={m.plan.sitesDiffer} columns={columns} rows={facilities} rowKey={(site) => site.facility} first={{ column: "more", descending: true }} tall />;
}

function Alone({ facilities, names }: { facilities: FacilityDifference[]; names: Names }) {
  const { m } = useWords();
  const differ = facilities.filter((site) => site.only_one.length + site.only_other.length > 0);
  if (!facilities.length) return null;
  if (!differ.length) return <p className="soft">{m.plan.noneAlone}</p>;
  return (
    <section>
      <h3>{m.plan.cellsAlone}</h3>
      <ul className="plain cells-alone">
        {differ.map((site) => (
          <li key={site.facility}>
            <h4><FacilityLink facility={site.facility}>{site.name}</FacilityLink></h4>
            <Cells title={m.plan.cellsOne(names[0])} cells={site.only_one} />
            <Cells title={m.plan.cellsOne(names[1])} cells={site.only_other} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cells({ title, cells }: { title: string; cells: CellAlone[] }) {
  const { m, f } = useWords();
  if (!cells.length) return null;
  return (
    <p className="small">
      <strong>{title}</strong>{m.common.colon} {cells.map(({ cell, expected }) => `${cell ?? m.plan.common} (${f.decimal(expected)})`).join(", ")}
    </p>
  );
}

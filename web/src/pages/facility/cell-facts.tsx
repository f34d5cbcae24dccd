import { Link } from "@tanstack/react-router";
import type { PrisonCell } from "../../api/types";
import { Panel } from "../../design/ui";
import { formatsAt } from "../../i18n/format";
import { useWords } from "../../i18n/words";

/** What is known of the chosen cell, and the handsets that may be in it. */
export function CellFacts({ facility, zone, cell }: { facility: string; zone: string | null; cell: PrisonCell | null }) {
  const { m, f, lang } = useWords();
  if (!cell) {
    return (
      <Panel title={m.facility.cell}>
        <p className="soft">{m.facility.choose}</p>
      </Panel>
    );
  }
  return (
    <Panel title={`${m.facility.cell} ${cell.cell}`}>
      <dl className="facts">
        <dt>{m.facility.expected}</dt>
        <dd>{f.decimal(cell.expected, 2)}</dd>
        <dt>{m.facility.held}</dt>
        <dd>
          {f.count(cell.held)}
          {cell.capacity !== null && <span className="soft"> / {f.count(cell.capacity)}</span>}
        </dd>
        <dt>{m.facility.planned}</dt>
        <dd>{cell.planned ? m.common.yes : m.common.no}</dd>
        <dt>{m.facility.searched}</dt>
        <dd>{cell.searched ? formatsAt(lang, zone).date(cell.searched) : m.common.notDone}</dd>
        <dt>{m.facility.found}</dt>
        <dd>{f.count(cell.found)}</dd>
      </dl>
      <h3 className="cell-handsets">{m.facility.handsets}</h3>
      <ul className="plain stack-tight">
        {cell.handsets.slice(0, 12).map((each) => (
          <li key={each.handset} className="row spread">
            <Link to="/handsets/$handset" params={{ handset: each.handset }} search={{ facility }} className="mono small">
              {each.handset}
            </Link>
            <span className="figure">{f.percent(each.probability)}</span>
          </li>
        ))}
      </ul>
      {cell.handsets.length === 0 && <p className="soft">{m.common.none}</p>}
    </Panel>
  );
}

import type { HandsetPage } from "../../api/types";
import { Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

export function Facts({ page: { row, other_imeis: others } }: { page: HandsetPage }) {
  const { m, f } = useWords();
  const facts: [string, string][] = [
    [m.handset.imei, row.imei ?? m.common.unknown],
    [m.handset.otherImeis, others.length ? others.join(", ") : m.common.none],
    [m.handset.imsis, f.count(row.imsis)],
    [m.handset.class, m.handsets.classes[row.class]],
    [m.handset.model, row.model ?? m.common.unknown],
    [m.handset.ledger, row.in_ledger ? m.common.yes : m.common.no],
    [m.handset.events, f.count(row.events)],
    [m.handset.seen, `${f.date(row.first_seen)} – ${f.date(row.last_seen)}`],
  ];
  if (row.known) facts.push([m.handset.known, row.known]);
  return (
    <Panel title={m.handset.facts}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {row.cloned && <Notice tone="warn">{m.handset.clonedNote}</Notice>}
    </Panel>
  );
}

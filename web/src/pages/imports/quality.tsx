import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { quality } from "../../api/queries";
import type { Quality } from "../../api/types";
import { DaysChart } from "../../charts/days";
import { Empty, Ready } from "../../design/states";
import { Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

export function QualityView() {
  const { m } = useWords();
  const query = useQuery(quality);
  return <Ready query={query}>{(found) => (found.tables.length ? <Shown found={found} /> : <Empty text={m.imports.qualityNone} />)}</Ready>;
}

function Shown({ found }: { found: Quality }) {
  const { m } = useWords();
  return (
    <>
      <Remarks found={found} />
      <Panel title={m.imports.days} hint={m.imports.daysHint}>
        <DaysChart days={found.days} />
      </Panel>
      <Tables found={found} />
    </>
  );
}

function Remarks({ found: { remarks } }: { found: Quality }) {
  const { m, f, pick } = useWords();
  return (
    <Panel title={m.imports.remarks}>
      {remarks.length === 0 && <p className="soft">{m.imports.remarksNone}</p>}
      <ul className="plain remarks">
        {remarks.map((remark) => (
          <li key={remark.code}>
            <TriangleAlert size={17} aria-hidden />
            <div>
              <strong>
                {f.count(remark.count)} {pick(remark.what)}
              </strong>
              <p className="soft">
                {m.imports.means}{m.common.colon} {pick(remark.meaning)}
              </p>
              {remark.details && remark.details.length > 0 && <p className="small soft">{remark.details.map(pick).join(", ")}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Tables({ found: { tables, covers } }: { found: Quality }) {
  const { m, f } = useWords();
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([name, count]) => (
      <li key={name} className="row spread">
        <span>{name}</span>
        <span className="figure">{f.count(count)}</span>
      </li>
    ));
  return (
    <div className="quality-tables">
      {tables.map((table) => (
        <Panel key={table.table} title={m.imports.tableNames[table.table] ?? table.table} aside={<span className="small soft">{m.imports.coverFiles(f.count(table.files))}</span>}>
          <dl className="facts">
            <dt>{m.imports.read}</dt>
            <dd className="num">{f.count(table.rows.read)}</dd>
            <dt>{m.imports.kept}</dt>
            <dd className="num">{f.count(table.rows.kept)}</dd>
          </dl>
          {([[m.imports.rejectedWhy, table.rows.rejected], [m.imports.doubts, table.rows.doubts], [m.imports.blanks, table.blanks]] as const).map(([title, counts]) =>
            Object.keys(counts).length ? (
              <div key={title} className="counted">
                <h3>{title}</h3>
                <ul className="plain small">{counted(counts)}</ul>
              </div>
            ) : null,
          )}
        </Panel>
      ))}
      {covers.length > 0 && (
        <Panel title={m.imports.covers}>
          <ul className="plain stack-tight">
            {covers.map((cover) => (
              <li key={cover.authority ?? ""}>
                <strong>{cover.authority ?? "–"}</strong>
                <p className="small soft">
                  {m.imports.coverFiles(f.count(cover.files))}, {f.count(cover.records)} · {cover.from && f.date(cover.from)} – {cover.to && f.date(cover.to)}
                </p>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

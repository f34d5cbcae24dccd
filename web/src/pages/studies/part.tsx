/** One question's answer: sentences, drawings, figures, and what else one has to know. */
import type { StudyPart, StudyTable } from "../../api/study";
import { Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { FigureView } from "./figure";
import { figureColumns } from "./values";
import { useWriter } from "./writer";
import "../../design/table/table.css";

export function Part({ part }: { part: StudyPart }) {
  const { m, pick } = useWords();
  const title = pick(part.title);
  return (
    <Panel title={title} flush className="study-part">
      {part.said.length > 0 && (
        <div className={part.said.length > 3 ? "said many" : "said"}>
          {part.said.map((said, index) => (
            <div key={index}>
              <p className="plainly">{pick(said.plain)}</p>
              <details>
                <summary>{m.studies.how}</summary>
                <p>{pick(said.method)}</p>
              </details>
            </div>
          ))}
        </div>
      )}
      {part.figures.map((figure, index) => (
        <FigureView key={index} figure={figure} />
      ))}
      {part.table && <PartTable title={title} table={part.table} />}
      {part.notes.map((note, index) => (
        <p key={index} className="study-note">
          {pick(note)}
        </p>
      ))}
    </Panel>
  );
}

function PartTable({ title, table }: { title: string; table: StudyTable }) {
  const { m, pick } = useWords();
  const writer = useWriter();
  const toRight = figureColumns(table.head, table.rows);
  const side = (column: number) => (toRight[column] ? "num" : undefined);
  if (!table.rows.length) return <p className="study-note">{m.studies.noTable}</p>;
  return (
    <div className="table-frame study-table" role="group" aria-label={title} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {table.head.map((name, column) =>
              pick(name) ? (
                <th key={column} scope="col" className={side(column)}>
                  {pick(name)}
                </th>
              ) : (
                <td key={column} />
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => {
                const words = writer.cell(cell);
                return column === 0 ? (
                  <th key={column} scope="row" className={side(column)}>
                    {words}
                  </th>
                ) : (
                  <td key={column} className={side(column)}>
                    {words}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A drawing with its title, what its signs mean, and its numbers as a table for whoever doesn't see it. */
import type { Figure, Forest, Mark, Plot } from "../../api/study";
import { useWords } from "../../i18n/words";
import { ForestChart } from "./forest";
import { forestNumbers, plotNumbers } from "./numbers";
import type { Numbers } from "./numbers";
import { PlotChart } from "./plot";
import { useWriter } from "./writer";
import "../../charts/charts.css";

type Sign = keyof ReturnType<typeof useWords>["m"]["studies"]["legend"];

export function FigureView({ figure }: { figure: Figure }) {
  return "Plot" in figure ? <PlotFigure plot={figure.Plot} /> : <ForestFigure forest={figure.Forest} />;
}

function PlotFigure({ plot }: { plot: Plot }) {
  const { m, pick } = useWords();
  const writer = useWriter();
  const title = pick(plot.title);
  if (!plot.marks.length) return null;
  return (
    <figure className="study-figure">
      <figcaption>{title}</figcaption>
      <PlotChart plot={plot} />
      <Legend signs={plotSigns(plot.marks)} />
      <NumbersTable title={title} numbers={plotNumbers(plot, writer, m.studies, pick)} />
    </figure>
  );
}

function ForestFigure({ forest }: { forest: Forest }) {
  const { m, pick } = useWords();
  const writer = useWriter();
  const title = pick(forest.title);
  if (!forest.bars.length) return null;
  return (
    <figure className="study-figure">
      <figcaption>{title}</figcaption>
      <ForestChart forest={forest} />
      <Legend signs={forest.reference === null ? ["point"] : ["point", "reference"]} />
      <NumbersTable title={title} numbers={forestNumbers(forest, writer, m.studies, pick)} />
    </figure>
  );
}

/** The signs that a plot's marks use, in the legend's order. */
function plotSigns(marks: readonly Mark[]): Sign[] {
  const used = new Set(marks.flatMap(signsOf));
  return (["point", "out", "line", "band", "dashed", "disc", "reference"] as const).filter((sign) => used.has(sign));
}

function signsOf(mark: Mark): Sign[] {
  if ("Point" in mark) return [mark.Point.stands_out ? "out" : "point"];
  if ("Disc" in mark) return ["disc"];
  if ("Line" in mark) return [mark.Line.dashed ? "dashed" : "line"];
  return "Band" in mark ? ["band"] : ["reference"];
}

function Legend({ signs }: { signs: Sign[] }) {
  const { m } = useWords();
  return (
    <p className="legend chart chart-legend study-legend">
      {signs.map((sign) => (
        <span key={sign} className="key">
          <svg width={26} height={14} aria-hidden>
            <SignMark sign={sign} />
          </svg>
          {m.studies.legend[sign]}
        </span>
      ))}
    </p>
  );
}

function SignMark({ sign }: { sign: Sign }) {
  if (sign === "point") {
    return (
      <>
        <path d="M1 7H25" className="reach" />
        <circle cx={13} cy={7} r={4} className="middle" />
      </>
    );
  }
  if (sign === "out") return <path d="M13 1.5L18.5 7L13 12.5L7.5 7z" className="out" />;
  if (sign === "band") return <rect y={2} width={26} height={10} className="reach-band" />;
  if (sign === "disc") return <circle cx={13} cy={7} r={6} className="disc" />;
  return <path d="M0 7H26" className={sign === "line" ? "line" : sign === "dashed" ? "limit" : "reference"} />;
}

function NumbersTable({ title, numbers }: { title: string; numbers: Numbers }) {
  const { m } = useWords();
  return (
    <details className="study-numbers">
      <summary>
        {m.studies.numbers}
        <span className="hidden-text">{m.common.colon} {title}</span>
      </summary>
      <div className="table-frame study-table" role="group" aria-label={title} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              {numbers.head.map((name, column) => (
                <th key={column} scope="col" className={column ? "num" : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers.rows.map((row, index) => (
              <tr key={index}>
                {row.map((words, column) =>
                  column ? (
                    <td key={column} className="num">
                      {words}
                    </td>
                  ) : (
                    <th key={column} scope="row">
                      {words}
                    </th>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {numbers.references.map((each) => (
        <p key={each} className="small soft">
          {m.studies.reference(each)}
        </p>
      ))}
    </details>
  );
}

/** Intervals one under the other, each with its name: beside it, or above it where there is little room. */
import type { Bar, Forest } from "../../api/study";
import { useWidth } from "../../design/use-width";
import { useWords } from "../../i18n/words";
import { onto, padded, spanOf, ticksBetween } from "./scale";
import { useWriter } from "./writer";
import { wrapped } from "./wrap";

const RIGHT = 16;
const BOTTOM = 44;
const LINE = 15;
const LETTER = 6.4;

interface Row {
  bar: Bar;
  lines: string[];
  top: number;
  height: number;
}

export function ForestChart({ forest }: { forest: Forest }) {
  const { m, f, pick } = useWords();
  const writer = useWriter();
  const [ref, width] = useWidth<HTMLDivElement>();
  const beside = width >= 560;
  const left = beside ? Math.min(260, width * 0.38) : 8;
  const rows = laidOut(forest.bars, pick, beside, Math.floor((beside ? left - 10 : width) / LETTER));
  const last = rows[rows.length - 1];
  const base = (last ? last.top + last.height : 0) + 6;
  const span = padded(spanOf([...forest.bars.flatMap((bar) => [bar.low, bar.value, bar.high]), forest.reference]));
  const x = onto(span, [left, width - RIGHT]);
  const ticks = forest.ticks === "None" ? [] : ticksBetween(span, Math.min(6, Math.max(2, Math.floor((width - left) / 70))));
  return (
    <div className="chart study-chart" ref={ref}>
      <svg width={width} height={base + BOTTOM} role="img" aria-label={`${pick(forest.title)}. ${m.studies.says(f.count(rows.length))}`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={0} y2={base} className="rule" />
            <text x={x(tick)} y={base + 17} textAnchor="middle">
              {writer.tick(tick, ticks, forest.ticks)}
            </text>
          </g>
        ))}
        <path d={`M${left} ${base}H${width - RIGHT}`} className="axis" />
        {forest.reference !== null && <path d={`M${x(forest.reference)} 0V${base}`} className="reference" />}
        {rows.map((row, index) => (
          <RowView key={index} row={row} left={left} right={width - RIGHT} beside={beside} x={x} tip={tipOf(row.bar, forest, writer)} />
        ))}
        <text x={width - RIGHT} y={base + 38} textAnchor="end" className="strong">
          {pick(forest.measure)}
        </text>
      </svg>
    </div>
  );
}

/** Where each row lies, with its name in lines. */
function laidOut(bars: readonly Bar[], pick: ReturnType<typeof useWords>["pick"], beside: boolean, letters: number): Row[] {
  return bars.reduce<Row[]>((rows, bar) => {
    const before = rows[rows.length - 1];
    const lines = wrapped(pick(bar.name), letters);
    const height = beside ? Math.max(26, lines.length * LINE + 8) : lines.length * LINE + 22;
    return [...rows, { bar, lines, top: before ? before.top + before.height : 4, height }];
  }, []);
}

function tipOf({ value, low, high }: Bar, { ticks }: Forest, writer: ReturnType<typeof useWriter>): string {
  const write = (each: typeof value) => writer.value(each, ticks);
  return `${write(value)} (${writer.between(write(low), write(high))})`;
}

interface RowProps {
  row: Row;
  left: number;
  right: number;
  beside: boolean;
  x: (value: number) => number;
  tip: string;
}

function RowView({ row: { bar, lines, top, height }, left, right, beside, x, tip }: RowProps) {
  const y = beside ? top + height / 2 : top + height - 11;
  const first = beside ? y + 4 - ((lines.length - 1) * LINE) / 2 : top + LINE - 2;
  return (
    <g className="dot">
      <title>{tip}</title>
      {lines.map((line, index) => (
        <text key={index} x={beside ? left - 10 : 0} y={first + index * LINE} textAnchor={beside ? "end" : "start"} className="name">
          {line}
        </text>
      ))}
      {bar.value !== null && (
        <>
          <path d={`M${bar.low === null ? left : x(bar.low)} ${y}H${bar.high === null ? right : x(bar.high)}`} className="reach" />
          <circle cx={x(bar.value)} cy={y} r={4} className="middle" />
        </>
      )}
    </g>
  );
}

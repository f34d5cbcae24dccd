/** Points with their intervals, discs, lines and bands over two axes. */
import type { Mark, Plot, Value } from "../../api/study";
import { useWidth } from "../../design/use-width";
import { useWords } from "../../i18n/words";
import { bareName } from "./numbers";
import { onto, plotSpans, ticksBetween } from "./scale";
import { useWriter } from "./writer";

const HEIGHT = 340;
const RIGHT = 14;
const TOP = 30;
const BOTTOM = 46;
const GREATEST_DISC = 24;

/** Where a value lies; null for what is no number and can't be drawn. */
type Place = (value: Value) => number | null;

interface Places {
  x: Place;
  y: Place;
  left: number;
  right: number;
  top: number;
  base: number;
  /** The greatest disc's value. */
  greatest: number;
}

export function PlotChart({ plot }: { plot: Plot }) {
  const { m, f, pick } = useWords();
  const writer = useWriter();
  const [ref, width] = useWidth<HTMLDivElement>();
  const spans = plotSpans(plot.marks);
  const left = plot.y.ticks === "None" ? RIGHT : 52;
  const [right, base] = [width - RIGHT, HEIGHT - BOTTOM];
  const [ontoX, ontoY] = [onto(spans.x, [left, right]), onto(spans.y, [base, TOP])];
  const discs = plot.marks.map((mark) => ("Disc" in mark ? (mark.Disc.value ?? 0) : 0));
  const places: Places = { x: drawn(ontoX), y: drawn(ontoY), left, right, top: TOP, base, greatest: Math.max(Number.MIN_VALUE, ...discs) };
  const ticksX = plot.x.ticks === "None" ? [] : ticksBetween(spans.x, Math.min(8, Math.max(2, Math.floor((right - left) / 52))));
  const ticksY = plot.y.ticks === "None" ? [] : ticksBetween(spans.y, 5);
  const points = plot.marks.flatMap((mark) => ("Point" in mark ? [mark.Point] : []));
  const values = points.length || plot.marks.filter((mark) => "Disc" in mark).length;
  const out = points.filter((point) => point.stands_out).map((point) => bareName(point.name));
  const said = [pick(plot.title), values ? m.studies.says(f.count(values)) : "", out.length ? m.studies.saysOut(out.join(", ")) : ""];
  return (
    <div className="chart study-chart" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={said.filter(Boolean).join(". ")}>
        {ticksY.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={right} y1={ontoY(tick)} y2={ontoY(tick)} className="rule" />
            <text x={left - 8} y={ontoY(tick) + 4} textAnchor="end">
              {writer.tick(tick, ticksY, plot.y.ticks)}
            </text>
          </g>
        ))}
        {ticksX.map((tick) => (
          <text key={tick} x={ontoX(tick)} y={base + 17} textAnchor="middle">
            {writer.tick(tick, ticksX, plot.x.ticks)}
          </text>
        ))}
        <path d={`M${left} ${TOP}V${base}H${right}`} className="axis" />
        <text x={0} y={14} className="strong">
          {pick(plot.y.label)}
        </text>
        <text x={right} y={HEIGHT - 6} textAnchor="end" className="strong">
          {pick(plot.x.label)}
        </text>
        {plot.marks.map((mark, index) => (
          <MarkView key={index} mark={mark} places={places} tip={tipOf(mark, plot, writer)} />
        ))}
      </svg>
    </div>
  );
}

const drawn = (place: (value: number) => number): Place => (value) => (value === null ? null : place(value));

function tipOf(mark: Mark, plot: Plot, writer: ReturnType<typeof useWriter>): string {
  if ("Disc" in mark) return mark.Disc.name;
  if (!("Point" in mark)) return "";
  const [value, low, high] = mark.Point.y.map((each) => writer.value(each, plot.y.ticks));
  return `${bareName(mark.Point.name)} · ${value ?? ""} (${writer.between(low ?? "", high ?? "")})`;
}

function MarkView({ mark, places, tip }: { mark: Mark; places: Places; tip: string }) {
  const { x, y, left, right, top, base } = places;
  if ("Point" in mark) {
    const [at, [value, low, high]] = [x(mark.Point.x), mark.Point.y.map(y)];
    if (at === null || value == null) return null;
    return (
      <g className={mark.Point.stands_out ? "dot stands-out" : "dot"}>
        <title>{tip}</title>
        <path d={`M${at} ${low ?? base}V${high ?? top}`} className="reach" />
        {mark.Point.stands_out ? <path d={`M${at} ${value - 6}l6 6l-6 6l-6 -6z`} className="out" /> : <circle cx={at} cy={value} r={4} className="middle" />}
      </g>
    );
  }
  if ("Disc" in mark) {
    const [at, up] = mark.Disc.at;
    const [cx, cy, share] = [x(at), y(up), (mark.Disc.value ?? 0) / places.greatest];
    if (cx === null || cy === null) return null;
    return (
      <circle cx={cx} cy={cy} r={Math.max(2, GREATEST_DISC * Math.sqrt(Math.max(0, share)))} className="disc">
        <title>{tip}</title>
      </circle>
    );
  }
  if ("Line" in mark) {
    return <polyline points={path(mark.Line.points, places)} className={mark.Line.dashed ? "limit" : "line"} />;
  }
  if ("Band" in mark) {
    const under = mark.Band.points.map(([at, low]): [Value, Value] => [at, low]);
    const over = mark.Band.points.map(([at, , high]): [Value, Value] => [at, high]).reverse();
    return <polygon points={path([...under, ...over], places)} className="reach-band" />;
  }
  if ("Across" in mark) {
    const at = y(mark.Across);
    return at === null ? null : <path d={`M${left} ${at}H${right}`} className="reference" />;
  }
  const at = x(mark.Upright);
  return at === null ? null : <path d={`M${at} ${top}V${base}`} className="reference" />;
}

/** Places through which a line passes, as SVG writes them. */
function path(values: readonly [Value, Value][], { x, y }: Places): string {
  return values
    .map(([at, up]) => [x(at), y(up)] as const)
    .filter(([at, up]) => at !== null && up !== null)
    .map(([at, up]) => `${at?.toFixed(1) ?? ""} ${up?.toFixed(1) ?? ""}`)
    .join(" ");
}

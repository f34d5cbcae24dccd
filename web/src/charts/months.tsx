/** Confiscations by month; items of any kind paler behind them. */
import type { RegisterRow } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { niceTicks } from "./scale";
import "./charts.css";

const HEIGHT = 200;
const LEFT = 48;
const BOTTOM = 24;

export function MonthsChart({ rows }: { rows: RegisterRow[] }) {
  const { m, f } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const sums = byMonth(rows);
  const most = Math.max(1, ...sums.flatMap((sum) => [sum.finds, sum.items]));
  const column = (width - LEFT) / Math.max(1, sums.length);
  const tall = (value: number) => (value / most) * (HEIGHT - BOTTOM - 8);
  const base = HEIGHT - BOTTOM;
  const every = Math.ceil(64 / column);
  return (
    <div className="chart" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={`${m.register.trend}. ${sums.map((sum) => `${f.month(`${sum.month}-15`)}${m.common.colon} ${f.count(sum.items)}`).join(", ")}`}>
        {niceTicks(most, 4).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={width} y1={base - tall(tick)} y2={base - tall(tick)} className="rule" />
            <text x={LEFT - 8} y={base - tall(tick) + 4} textAnchor="end">
              {f.count(tick)}
            </text>
          </g>
        ))}
        {sums.map((sum, index) => (
          <g key={sum.month}>
            <rect x={LEFT + index * column + column * 0.15} y={base - tall(sum.items)} width={column * 0.7} height={tall(sum.items)} className="bar second" />
            <rect x={LEFT + index * column + column * 0.15} y={base - tall(sum.finds)} width={column * 0.7} height={tall(sum.finds)} className="bar" />
            <title>{`${f.month(`${sum.month}-15`)}${m.common.colon} ${f.count(sum.items)}, ${m.register.finds} ${f.count(sum.finds)}`}</title>
            {index % every === 0 && (
              <text x={LEFT + (index + 0.5) * column} y={HEIGHT - 6} textAnchor="middle">
                {f.month(`${sum.month}-15`)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p className="legend chart-legend">
        <span className="key"><i className="swatch minis" /> {m.register.finds}</span>
        <span className="key"><i className="swatch others" /> {m.register.other}</span>
      </p>
    </div>
  );
}

export interface MonthSum {
  month: string;
  finds: number;
  items: number;
}

/** Sums over all facilities, from the first month to the last; one without an entry has none. */
export function byMonth(rows: readonly RegisterRow[]): MonthSum[] {
  const sums = new Map<string, MonthSum>();
  for (const { month, finds, items } of rows) {
    const sum = sums.get(month) ?? { month, finds: 0, items: 0 };
    sums.set(month, { month, finds: sum.finds + finds, items: sum.items + items });
  }
  const known = [...sums.keys()].sort();
  const [first, last] = [known[0], known[known.length - 1]];
  return first && last ? monthsBetween(first, last).map((month) => sums.get(month) ?? { month, finds: 0, items: 0 }) : [];
}

/** All months from one to another, both as YYYY-MM. */
function monthsBetween(first: string, last: string): string[] {
  const count = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const from = count(first);
  return Array.from({ length: count(last) - from + 1 }, (_, index) => {
    const at = from + index;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

/** Records by day, a small chart an operator and technology; days that lack are framed. */
import type { Quality } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import "./charts.css";

type Day = Quality["days"][number];

const HEIGHT = 64;

export function DaysChart({ days }: { days: Day[] }) {
  const { m, f } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const all = [...new Set(days.map((day) => day.day))].sort();
  const series = Map.groupBy(days, (day) => `${day.operator} · ${day.technology}`);
  const column = width / Math.max(1, all.length);
  const places = new Map(all.map((day, index) => [day, index]));
  return (
    <div className="chart stack" ref={ref}>
      {[...series].map(([name, rows]) => {
        const most = Math.max(1, ...rows.map((row) => row.records));
        const gaps = rows.filter((row) => row.gap);
        return (
          <figure key={name}>
            <figcaption className="row spread small">
              <strong>{name}</strong>
              <span className="soft">{gaps.length > 0 && `${m.imports.gap}${m.common.colon} ${gaps.map((gap) => f.day(gap.day)).slice(0, 5).join(", ")}${gaps.length > 5 ? "…" : ""}`}</span>
            </figcaption>
            <svg width={width} height={HEIGHT} role="img" aria-label={`${name}: ${f.count(most)}`}>
              {rows.map((row) => {
                const x = (places.get(row.day) ?? 0) * column;
                const tall = (row.records / most) * (HEIGHT - 4);
                return (
                  <g key={row.day}>
                    <rect x={x} y={HEIGHT - tall} width={Math.max(0.5, column - (column > 4 ? 1 : 0))} height={tall} className="bar" />
                    {row.gap && <rect x={x} y={1} width={Math.max(2, column - 1)} height={HEIGHT - 2} className="gap-mark" />}
                    <title>{`${f.date(row.day)}${m.common.colon} ${f.count(row.records)}`}</title>
                  </g>
                );
              })}
              <line x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="rule even" />
            </svg>
          </figure>
        );
      })}
      <p className="row spread small soft">
        <span>{all[0] && f.date(all[0])}</span>
        <span>{all.length > 0 && f.date(all[all.length - 1] ?? "")}</span>
      </p>
    </div>
  );
}

import { useMemo, useState } from "react";
import type { PointerEvent } from "react";
import type { Activity } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { dayOf, months, shapes, sumsOf } from "./activity";
import "./charts.css";

const LEFT = 44;
const BOTTOM = 22;
const HOUR = 10;

/** Day by day from left to right, hour by hour from top to bottom. */
export function ActivityChart({ activity }: { activity: Activity }) {
  const { m, f, lang } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<{ day: number; hour: number } | null>(null);
  const column = (width - LEFT) / activity.days;
  const here = useMemo(() => shapes(activity.here, column, HOUR), [activity, column]);
  const elsewhere = useMemo(() => shapes(activity.elsewhere, column, HOUR), [activity, column]);
  const sums = useMemo(() => sumsOf(activity), [activity]);
  const dayName = useMemo(() => new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { day: "numeric", month: "short", timeZone: "UTC" }), [lang]);
  const monthName = useMemo(() => new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { month: "long", timeZone: "UTC" }), [lang]);
  const said = m.handset.activitySum(f.count(sums.active), f.count(activity.days), f.percent(sums.night ?? 0));
  const hourName = (hour: number) => `${String(hour).padStart(2, "0")}${lang === "fr" ? " h" : ":00"}`;

  function point(event: PointerEvent<SVGSVGElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const day = Math.floor((event.clientX - box.left - LEFT) / column);
    const hour = Math.floor((event.clientY - box.top) / HOUR);
    setAt(day >= 0 && day < activity.days && hour >= 0 && hour < 24 ? { day, hour } : null);
  }

  const index = at ? at.day * 24 + at.hour : -1;
  return (
    <div className="chart" ref={ref}>
      <svg width={width} height={24 * HOUR + BOTTOM} role="img" aria-label={said} onPointerMove={point} onPointerLeave={() => setAt(null)}>
        <rect x={LEFT} width={width - LEFT} height={24 * HOUR} className="ground" />
        {[0, 6, 12, 18].map((hour) => (
          <g key={hour}>
            <line x1={LEFT} x2={width} y1={hour * HOUR} y2={hour * HOUR} className="rule" />
            <text x={LEFT - 6} y={hour * HOUR + 11} textAnchor="end">
              {hourName(hour)}
            </text>
          </g>
        ))}
        {months(activity.from, activity.days).map((day) => (
          <g key={day}>
            <line x1={LEFT + day * column} x2={LEFT + day * column} y1={0} y2={24 * HOUR + 6} className="rule" />
            <text x={LEFT + day * column + 4} y={24 * HOUR + 16}>
              {monthName.format(dayOf(activity.from, day))}
            </text>
          </g>
        ))}
        <g transform={`translate(${LEFT} 0)`}>
          {here.map((path, ink) => path && <path key={ink} d={path} className={`here ink-${ink + 1}`} />)}
          {elsewhere.map((path, ink) => path && <path key={ink} d={path} className={`elsewhere ink-${ink + 1}`} />)}
          {at && <rect x={at.day * column} y={at.hour * HOUR} width={column} height={HOUR} className="pointed" />}
        </g>
      </svg>
      <div className="legend chart-legend">
        <span className="key">
          <i className="swatch here" /> {m.handset.activityHere}
        </span>
        <span className="key">
          <i className="swatch elsewhere" /> {m.handset.activityElsewhere}
        </span>
        <span className="chart-said">
          {at ? m.handset.activityRead(dayName.format(dayOf(activity.from, at.day)), hourName(at.hour), f.count(activity.here[index] ?? 0), f.count(activity.elsewhere[index] ?? 0)) : said}
        </span>
      </div>
    </div>
  );
}

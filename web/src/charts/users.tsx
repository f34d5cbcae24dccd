/** Who may have used the handset when: a row a candidate, a bar a stretch of use, as tall as it is likely. */
import { useMemo } from "react";
import type { Segment, SegmentUser } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { spanOf, useDayAxis } from "./day-axis";
import { Marks } from "./marks";
import "./charts.css";
import "./users.css";

const LEFT = 118;
const ROW = 38;
const TALL = 30;
/** Room above the rows for what is said of a change of hands. */
const TOP = 18;
/** Rows at most; whoever has none is in the sum of the last. */
const MOST = 6;

export function Users({ segments }: { segments: Segment[] }) {
  const { m } = useWords();
  return segments.length ? <Rows segments={segments} /> : <p className="soft">{m.handset.holdersNone}</p>;
}

function Rows({ segments }: { segments: Segment[] }) {
  const { m, f } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const span = useMemo(() => spanOf(segments), [segments]);
  const people = useMemo(() => peopleOf(segments), [segments]);
  const axis = useDayAxis(span, LEFT, width);
  const foot = TOP + people.length * ROW;
  const name = (inmate: string | null) => inmate ?? m.handset.nobodyShort;
  const says = (segment: Segment, user: SegmentUser) =>
    `${axis.day.format(Date.parse(segment.from))} – ${axis.day.format(Date.parse(segment.to))}${m.common.colon} ${name(user.inmate)}${user.cell ? `, ${m.facility.cell} ${user.cell}` : ""}, ${f.percent(user.probability)}`;
  return (
    <div className="chart users" ref={ref}>
      <svg width={width} height={foot + 24} role="img" aria-label={m.handset.users}>
        <g transform={`translate(0 ${TOP})`}>
          <Marks at={axis.marks} x={axis.x} height={people.length * ROW} words={axis.words} />
        </g>
        {people.map((inmate, row) => (
          <g key={inmate ?? "nobody"} transform={`translate(0 ${TOP + row * ROW})`} className={inmate ? "" : "nobody"}>
            <line x1={0} x2={width} y1={ROW} y2={ROW} className="rule" />
            <text y={ROW / 2 + 4} className="strong">
              {inmate ?? m.handset.nobodyShort}
            </text>
            {segments.map((segment) => {
              const [probability, { x, width: wide }] = [shareOf(segment, inmate, people), axis.bar(segment)];
              if (!probability) return null;
              const tall = Math.max(probability * TALL, 1);
              return (
                <g key={segment.from}>
                  <rect x={x + 1} width={Math.max(wide - 2, 1)} y={ROW - 1 - tall} height={tall} className="span" />
                  {wide > 56 && probability >= 0.005 && (
                    <text x={x + 8} y={tall > 18 ? ROW - 1 - tall + 14 : ROW - 5 - tall} className={tall > 18 ? "on" : ""}>
                      {f.percent(probability)}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        ))}
        {segments.map(
          (segment) =>
            segment.changed !== null && (
              <g key={segment.from}>
                <line x1={axis.x(Date.parse(segment.from))} x2={axis.x(Date.parse(segment.from))} y1={TOP - 4} y2={foot} className="change" />
                <text x={axis.x(Date.parse(segment.from))} y={10} textAnchor={axis.x(Date.parse(segment.from)) > width - 90 ? "end" : "middle"}>
                  {m.handset.handed(axis.day.format(Date.parse(segment.from)), f.percent(segment.changed))}
                </text>
              </g>
            ),
        )}
      </svg>
      <ul className="hidden-text">
        {segments.flatMap((segment) => [
          ...(segment.changed === null ? [] : [<li key={`${segment.from} change`}>{m.handset.handed(axis.day.format(Date.parse(segment.from)), f.percent(segment.changed))}</li>]),
          ...segment.users.map((user) => <li key={`${segment.from} ${user.inmate ?? ""}`}>{says(segment, user)}</li>),
        ])}
      </ul>
    </div>
  );
}

/** What a row stands for in a stretch; the last row's is nobody's and that of all who have no row. */
export function shareOf(segment: Segment, inmate: string | null, people: (string | null)[]): number {
  const here = segment.users.filter((user) => (inmate === null ? user.inmate === null || !people.includes(user.inmate) : user.inmate === inmate));
  return here.reduce((sum, user) => sum + user.probability, 0);
}

/** Everybody in any of the stretches, the likeliest of the last first, nobody on the roster last. */
export function peopleOf(segments: Segment[]): (string | null)[] {
  const best = new Map<string, number>();
  segments.forEach((segment, index) => {
    for (const user of segment.users) {
      if (user.inmate) best.set(user.inmate, Math.max(best.get(user.inmate) ?? 0, index + user.probability));
    }
  });
  // Whoever was likeliest in a stretch has a row, whatever came later.
  const first = new Set(segments.map((segment) => segment.users[0]?.inmate));
  const order = [...best].sort((a, b) => Number(first.has(b[0])) - Number(first.has(a[0])) || b[1] - a[1]);
  const shown = order.slice(0, MOST - 1).sort((a, b) => b[1] - a[1]);
  return [...shown.map(([inmate]) => inmate), null];
}

/** What happened, a row a kind, along one axis of time. */
import { useMemo } from "react";
import type { TimelineEntry, TimelineKind } from "../api/types";
import { useWidth } from "../design/use-width";
import { formatsAt } from "../i18n/format";
import { useWords } from "../i18n/words";
import { Marks } from "./marks";
import "./charts.css";
import "./timeline.css";

const KINDS: TimelineKind[] = ["survey", "sensor", "jamming", "outage", "ingress", "search", "seizure"];
const LEFT = 96;
const ROW = 30;
const DAY = 86_400_000;

/** What lasts: without an end it goes on. The others are moments. */
const LASTS: TimelineKind[] = ["survey", "sensor", "jamming", "outage"];

/** Whether it has begun and isn't over. */
export function goesOn({ kind, to }: TimelineEntry): boolean {
  return to === null && LASTS.includes(kind);
}

export function Timeline({ entries, zone }: { entries: TimelineEntry[]; zone: string | null }) {
  const { m, pick, lang } = useWords();
  const f = useMemo(() => formatsAt(lang, zone), [lang, zone]);
  const [ref, width] = useWidth<HTMLDivElement>();
  const span = useMemo(() => spanOf(entries), [entries]);
  const kinds = KINDS.filter((kind) => entries.some((entry) => entry.kind === kind));
  if (!kinds.length) return <p className="soft">{m.facility.timelineNone}</p>;
  const x = (at: number) => LEFT + ((at - span.from) / (span.to - span.from)) * (width - LEFT - 12);
  const month = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { month: "short", year: "2-digit", timeZone: "UTC" });
  const marks = monthStarts(span.from, span.to, Math.max(1, Math.floor((width - LEFT) / 70)));
  const when = (entry: TimelineEntry) => (goesOn(entry) ? m.facility.goesOn(f.date(entry.from)) : `${f.date(entry.from)}${entry.to ? ` – ${f.date(entry.to)}` : ""}`);
  const says = (entry: TimelineEntry) => `${pick(entry.label)}, ${when(entry)}`;
  return (
    <div className="chart timeline" ref={ref}>
      <svg width={width} height={kinds.length * ROW + 24} role="img" aria-label={m.facility.timeline}>
        <Marks at={marks} x={x} height={kinds.length * ROW} words={month} />
        {kinds.map((kind, row) => (
          <g key={kind} transform={`translate(0 ${row * ROW})`} className={`kind-${kind}`}>
            <line x1={0} x2={width} y1={ROW} y2={ROW} className="rule" />
            <text y={ROW / 2 + 4} className="strong">
              {m.facility.kinds[kind]}
            </text>
            {entries.filter((entry) => entry.kind === kind).map((entry, index) => (
              <Mark key={index} entry={entry} end={span.to} x={x} says={says(entry)} />
            ))}
          </g>
        ))}
      </svg>
      <ul className="hidden-text">
        {entries.map((entry, index) => (
          <li key={index}>
            {m.facility.kinds[entry.kind]}{m.common.colon} {says(entry)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Mark({ entry, end, x, says }: { entry: TimelineEntry; end: number; x: (at: number) => number; says: string }) {
  const from = x(Date.parse(entry.from));
  const to = entry.to ? x(Date.parse(entry.to)) : goesOn(entry) ? x(end) : from;
  const wide = to - from > 8;
  return (
    <g>
      {wide ? <rect x={from} y={8} width={to - from} height={ROW - 16} rx={3} className="span" /> : <circle cx={from} cy={ROW / 2} r={6} className="span" />}
      <title>{says}</title>
    </g>
  );
}

/** From the first to the last, with a margin; never shorter than a month. */
function spanOf(entries: TimelineEntry[]): { from: number; to: number } {
  const times = entries.flatMap((entry) => [Date.parse(entry.from), Date.parse(entry.to ?? entry.from)]);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max(15 * DAY, (last - first) * 0.04);
  return { from: first - margin, to: last + margin };
}

/** Starts of months (UTC) in a span, thinned to at most `most`. */
export function monthStarts(from: number, to: number, most: number): number[] {
  const start = new Date(from);
  const all: number[] = [];
  for (let month = start.getUTCMonth() + 1; ; month += 1) {
    const at = Date.UTC(start.getUTCFullYear(), month, 1);
    if (at > to) break;
    all.push(at);
  }
  const every = Math.ceil(all.length / most);
  return all.filter((_, index) => index % every === 0);
}

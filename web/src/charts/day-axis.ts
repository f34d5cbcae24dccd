/** An axis of time for what is known by days: where a moment lies, and which moments are marked. */
import { useWords } from "../i18n/words";
import { monthStarts } from "./timeline";

export const DAY = 86_400_000;
const RIGHT = 12;

export interface Span {
  from: number;
  to: number;
}

export interface Stretch {
  from: string;
  to: string;
}

/** From the first day to the end of the last; never shorter than two weeks. */
export function spanOf(stretches: Stretch[]): Span {
  const from = Math.min(...stretches.map((stretch) => Date.parse(stretch.from)));
  const to = Math.max(...stretches.map((stretch) => Date.parse(stretch.to) + DAY));
  return { from, to: Math.max(to, from + 14 * DAY) };
}

export function useDayAxis(span: Span, left: number, width: number) {
  const { lang } = useWords();
  const words = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { ...options, timeZone: "UTC" });
  const day = words({ day: "numeric", month: "short" });
  const months = monthStarts(span.from, span.to, Math.max(1, Math.floor((width - left) / 70)));
  const x = (at: number) => left + ((at - span.from) / (span.to - span.from)) * (width - left - RIGHT);
  return {
    x,
    day,
    marks: months.length > 1 ? months : [span.from + DAY, span.to - 2 * DAY],
    words: months.length > 1 ? words({ month: "short", year: "2-digit" }) : day,
    /** Where a stretch of days begins, and how wide it is. */
    bar: (stretch: Stretch) => ({ x: x(Date.parse(stretch.from)), width: Math.max(3, x(Date.parse(stretch.to) + DAY) - x(Date.parse(stretch.from))) }),
  };
}

/** Moments and spans as an officer reads them. */

import { formats } from "../../i18n/format";
import type { Lang } from "../../i18n/lang";
import type { CellRef } from "../core/entry";
import type { Words } from "../words/en";

/** Hours and minutes of a moment, here. */
export function clockTime(lang: Lang, moment: string | number): string {
  return formats(lang).time(typeof moment === "number" ? new Date(moment).toISOString() : moment);
}

/** A span in milliseconds, roughly. */
export function span(w: Words, ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return seconds < 100 ? w.status.seconds(seconds) : w.status.minutes(Math.round(seconds / 60));
}

/** Clocks that differ by less are right for an officer, in milliseconds. */
const RIGHT_MS = 2_000;

/** What the clock is wrong by. */
export function clockError(w: Words, add: number | undefined): string {
  if (add === undefined) return w.status.clockUnknown;
  if (Math.abs(add) < RIGHT_MS) return w.status.clockRight;
  return add > 0 ? w.status.clockBehind(span(w, add)) : w.status.clockAhead(span(w, add));
}

/** Whether the clock is wrong by more than an officer would notice. */
export function isClockWrong(add: number | undefined): boolean {
  return add !== undefined && Math.abs(add) >= 60_000;
}

/** The same cell. */
export function isSame(one: CellRef, other: CellRef): boolean {
  return one.facility === other.facility && one.cell === other.cell;
}

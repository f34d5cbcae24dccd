/** A handset's hours and days as shapes, and what they come to. */
import type { Activity } from "../api/types";

/** Events in an hour, as four steps of ink. */
const STEPS = [1, 2, 4, 8];

/** 0 for none, 4 for many. */
export function inkOf(events: number): number {
  return STEPS.filter((least) => events >= least).length;
}

/** One path for each step of ink: a rectangle for each hour that has it. Column = day, row = hour. */
export function shapes(events: readonly number[], width: number, height: number): string[] {
  const paths = STEPS.map(() => "");
  events.forEach((count, index) => {
    const ink = inkOf(count);
    if (ink === 0) return;
    const x = round(Math.floor(index / 24) * width);
    const y = round((index % 24) * height);
    paths[ink - 1] = (paths[ink - 1] ?? "") + `M${x} ${y}h${round(width)}v${round(height)}h${-round(width)}z`;
  });
  return paths;
}

const round = (value: number) => Math.round(value * 100) / 100;

export interface Sums {
  active: number;
  /** Share of events between 20:00 and 06:00, 0..1; null without any. */
  night: number | null;
}

export function sumsOf({ days, here, elsewhere }: Activity): Sums {
  let active = 0;
  let all = 0;
  let night = 0;
  for (let day = 0; day < days; day += 1) {
    let today = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      const events = (here[day * 24 + hour] ?? 0) + (elsewhere[day * 24 + hour] ?? 0);
      today += events;
      if (hour >= 20 || hour < 6) night += events;
    }
    all += today;
    if (today > 0) active += 1;
  }
  return { active, night: all ? night / all : null };
}

/** The local day a column stands for, as a UTC midnight. */
export function dayOf(from: string, column: number): Date {
  return new Date(Date.parse(`${from}T00:00:00Z`) + column * 86_400_000);
}

/** Columns at which a month begins. */
export function months(from: string, days: number): number[] {
  return Array.from({ length: days }, (_, column) => column).filter((column) => dayOf(from, column).getUTCDate() === 1);
}

/** Which of a device's entries: numbers as ranges with both ends in them, sorted, no two touching. */

import * as limits from "./limits";
import { Misfit } from "./shape";

/** A set of entries' numbers, never changed. */
export class Ranges {
  static readonly none = new Ranges([]);

  private constructor(private readonly ranges: readonly (readonly [number, number])[]) {}

  /** As messages carry them; throws {@link Misfit} where they don't hold. */
  static from(value: unknown, where = "ranges"): Ranges {
    const wrong = new Misfit(where, `at most ${limits.RANGES} ranges, sorted and apart from each other`);
    if (!Array.isArray(value) || value.length > limits.RANGES) throw wrong;
    const ranges = value.map((pair: unknown) => toPair(pair, wrong));
    let free = 1;
    for (const [first, last] of ranges) {
      if (first < free || last < first || last > limits.SEQUENCE) throw wrong;
      free = last + 2;
    }
    return new Ranges(ranges);
  }

  /** All of both. */
  union(other: Ranges): Ranges {
    const sorted = [...this.ranges, ...other.ranges].sort((a, b) => a[0] - b[0]);
    const merged: [number, number][] = [];
    for (const [first, last] of sorted) {
      const before = merged.at(-1);
      if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else merged.push([first, last]);
    }
    return new Ranges(merged);
  }

  has(number: number): boolean {
    return this.ranges.some(([first, last]) => first <= number && number <= last);
  }

  /** How many. */
  get count(): number {
    return this.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** Those from 1 to `last` that are not among them. */
  missing(last: number): Ranges {
    const missing: [number, number][] = [];
    let next = 1;
    for (const [start, end] of this.ranges) {
      if (next > last) break;
      if (start > next) missing.push([next, Math.min(last, start - 1)]);
      next = end + 1;
    }
    if (next <= last) missing.push([next, last]);
    return new Ranges(missing);
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** As messages carry them. */
  toJSON(): readonly (readonly [number, number])[] {
    return this.ranges;
  }
}

function toPair(pair: unknown, wrong: Misfit): [number, number] {
  if (!Array.isArray(pair) || pair.length !== 2) throw wrong;
  const [first, last] = pair as unknown[];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw wrong;
  return [first as number, last as number];
}

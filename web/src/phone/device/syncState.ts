/** How far the sync is, as it is kept. */

import { type Standing, standing } from "../core/message";
import type { Reading } from "../core/phone";
import { Ranges } from "../core/ranges";
import { instant } from "../core/ids";
import { type Shape, struct, text, whole } from "../core/shape";

/** How far the sync is. */
export interface Kept {
  /** Entries that are durable at the server. */
  acknowledged: Ranges;
  /** How many of command's words were heard. */
  heard: number;
  /** Which they are. */
  mark: string | undefined;
  /** What command last said of the device. */
  standing: Standing | undefined;
  /** The last measure of the clock. */
  reading: Reading | undefined;
  /** When the server was last heard, by the device's clock, in milliseconds. */
  heardAt: number | undefined;
}

const number = whole(0, Number.MAX_SAFE_INTEGER);
const ranges: Shape<Ranges> = { take: (value, where) => Ranges.from(value, where) };
const reading = struct({ its: number, truth: instant, within: number });
const shape = struct({ acknowledged: ranges, heard: number }, { mark: text(() => true, "a text"), standing, reading, heardAt: number });

const NOTHING: Kept = { acknowledged: Ranges.none, heard: 0, mark: undefined, standing: undefined, reading: undefined, heardAt: undefined };

/** What was kept, or that nothing was. */
export function readSync(value: unknown): Kept {
  return value === undefined ? NOTHING : { ...NOTHING, ...shape.take(value, "sync") };
}

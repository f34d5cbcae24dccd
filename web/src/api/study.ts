/** A study of what measures do, as the server answers it: one key names what a value is. */
import type { Text } from "../i18n/lang";

/** Every study, in the order in which they are offered; the words that the server knows them by. */
export const studyNames = ["jamming", "detectors", "routes", "operation", "register", "searches", "model"] as const;

export type StudyName = (typeof studyNames)[number];

/** JSON has no infinity: what can't be told as a number comes as null. */
export type Value = number | null;

export interface Study {
  title: Text;
  about: Text;
  /** Whether the case is one of invented data. */
  exercise: boolean;
  parts: StudyPart[];
}

export interface StudyPart {
  title: Text;
  said: { plain: Text; method: Text }[];
  table: StudyTable | null;
  figures: Figure[];
  notes: Text[];
}

export interface StudyTable {
  head: Text[];
  /** As long as the head. */
  rows: Cell[][];
}

export type Cell =
  | { Words: Text }
  | { Name: string }
  | { Count: number }
  /** The value and its decimals. */
  | { Number: [Value, number] }
  /** A share of one; a change may be under nought or over one. */
  | { Share: Value }
  | { Shares: [Value, Value] }
  /** Low, high and their decimals. */
  | { Between: [Value, Value, number] }
  | "Blank";

export type Figure = { Plot: Plot } | { Forest: Forest };

export type Ticks = "Numbers" | "Shares" | "None";

export interface Axis {
  label: Text;
  ticks: Ticks;
}

export interface Plot {
  title: Text;
  x: Axis;
  y: Axis;
  /** Later ones lie over earlier ones. */
  marks: Mark[];
}

export interface Point {
  x: Value;
  /** The value, and the ends of its interval. */
  y: [Value, Value, Value];
  stands_out: boolean;
  name: string;
}

export interface Disc {
  at: [Value, Value];
  /** The area grows with it. */
  value: Value;
  name: string;
}

export type Mark =
  | { Point: Point }
  | { Disc: Disc }
  | { Line: { points: [Value, Value][]; dashed: boolean } }
  /** x, low, high. */
  | { Band: { points: [Value, Value, Value][] } }
  | { Across: Value }
  | { Upright: Value };

export interface Bar {
  name: Text;
  value: Value;
  low: Value;
  high: Value;
}

export interface Forest {
  title: Text;
  measure: Text;
  ticks: Ticks;
  /** A value that means nothing, or what others found. */
  reference: Value;
  /** From above. */
  bars: Bar[];
}

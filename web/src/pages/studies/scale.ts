/** From a study's values to places in a drawing. */
import type { Mark, Value } from "../../api/study";

export type Span = readonly [number, number];

/** Round values from `low` to `high`: steps of 1, 2 or 5 times a power of ten, about so many. */
export function ticksBetween([low, high]: Span, about: number): number[] {
  const rough = (high - low) / about;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? power * 10;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // `+ 0` makes nought of what would be written as minus nought.
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step + 0);
}

/** From the least to the greatest of the values that are numbers; null where none is. */
export function spanOf(values: readonly Value[]): Span | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  return known.length ? [Math.min(...known), Math.max(...known)] : null;
}

/** With room at both ends, so that nothing lies on the edge. */
export function padded(span: Span | null): Span {
  const [low, high] = span ?? [0, 1];
  const pad = high > low ? (high - low) * 0.05 : 0.5;
  return [low - pad, high + pad];
}

/** What a plot's axes reach over: every mark, with its interval. */
export function plotSpans(marks: readonly Mark[]): { x: Span; y: Span } {
  const places = marks.map(placesOf);
  return { x: padded(spanOf(places.flatMap((place) => place.x))), y: padded(spanOf(places.flatMap((place) => place.y))) };
}

function placesOf(mark: Mark): { x: Value[]; y: Value[] } {
  if ("Point" in mark) return { x: [mark.Point.x], y: mark.Point.y };
  if ("Disc" in mark) return { x: [mark.Disc.at[0]], y: [mark.Disc.at[1]] };
  if ("Line" in mark) return { x: mark.Line.points.map(([x]) => x), y: mark.Line.points.map(([, y]) => y) };
  if ("Band" in mark) return { x: mark.Band.points.map(([x]) => x), y: mark.Band.points.flatMap(([, low, high]) => [low, high]) };
  return "Across" in mark ? { x: [], y: [mark.Across] } : { x: [mark.Upright], y: [] };
}

/** A function from a span's values to pixels. */
export function onto([low, high]: Span, [from, to]: Span): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

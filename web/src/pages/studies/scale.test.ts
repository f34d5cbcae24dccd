import { expect, test } from "vitest";
import { onto, padded, plotSpans, spanOf, ticksBetween } from "./scale";

test("ticks are round and lie inside", () => {
  expect(ticksBetween([-0.3, 8.2], 8)).toEqual([0, 2, 4, 6, 8]);
  expect(ticksBetween([-7, 7], 5)).toEqual([-5, 0, 5]);
  expect(ticksBetween([0, 1], 5).map((tick) => tick.toFixed(1))).toEqual(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  expect(ticksBetween([3, 3], 5)).toEqual([3]);
});

test("an axis reaches over every mark and its interval, and over nothing that is no number", () => {
  const { x, y } = plotSpans([
    { Point: { x: 1, y: [5, 3, null], stands_out: false, name: "F001" } },
    { Disc: { at: [11, 6], value: 4, name: "F002" } },
    { Line: { points: [[2, 13], [3, 7]], dashed: true } },
    { Band: { points: [[4, 2, 6]] } },
    { Across: -7 },
    { Upright: 21 },
  ]);
  expect(x).toEqual([0, 22]);
  expect(y).toEqual([-8, 14]);
});

test("an axis over a single value, or none, has a width still", () => {
  expect(padded(spanOf([4, null]))).toEqual([3.5, 4.5]);
  expect(spanOf([null])).toBeNull();
  const [low, high] = padded(null);
  expect(high).toBeGreaterThan(low);
});

test("values become places", () => {
  const place = onto([-1, 1], [300, 20]);
  expect([-1, 0, 1].map(place)).toEqual([300, 160, 20]);
});

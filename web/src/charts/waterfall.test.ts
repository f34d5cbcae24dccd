import { expect, test } from "vitest";
import { ticks, waterfall } from "./waterfall";

test("each finding starts where the one before it ended", () => {
  const { steps, end } = waterfall(-1, [2, -0.5, 1]);
  expect(steps.map((step) => step.from)).toEqual([-1, 1, 0.5]);
  expect(end).toBeCloseTo(1.5);
});

test("the axis holds everything, and the even odds", () => {
  const { low, high } = waterfall(1, [3]);
  expect(low).toBeLessThanOrEqual(0);
  expect(high).toBeGreaterThan(4);
  expect(ticks(low, high)).toContain(0);
});

test("a long axis has few marks", () => {
  expect(ticks(-12, 30).length).toBeLessThanOrEqual(10);
  expect(ticks(-12, 30)).toContain(0);
});

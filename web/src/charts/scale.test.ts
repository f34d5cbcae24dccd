import { expect, test } from "vitest";
import { monthStarts } from "./timeline";
import { niceTicks } from "./scale";

test("marks are round and stay below the top", () => {
  expect(niceTicks(3297, 4)).toEqual([0, 1000, 2000, 3000]);
  expect(niceTicks(9, 4)).toEqual([0, 5]);
  expect(niceTicks(0, 4)).toEqual([0]);
});

test("a long span shows fewer months", () => {
  const year = [Date.UTC(2025, 0, 15), Date.UTC(2026, 0, 15)] as const;
  expect(monthStarts(...year, 20)).toHaveLength(12);
  expect(monthStarts(...year, 5).length).toBeLessThanOrEqual(5);
});

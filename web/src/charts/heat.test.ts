import { expect, test } from "vitest";
import { cellHeat, heatOf } from "./heat";

test("a cell's step grows with what is expected", () => {
  expect([0, 0.1, 0.3, 0.7, 1.5, 4].map(cellHeat)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("the largest facility has the strongest colour, an empty one none", () => {
  expect(heatOf(120, 120)).toBe(5);
  expect(heatOf(1, 120)).toBe(1);
  expect(heatOf(0, 120)).toBe(0);
  expect(heatOf(0, 0)).toBe(0);
});

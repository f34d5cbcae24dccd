import { expect, test } from "vitest";
import { byMonth } from "./months";

test("facilities add up month by month, in order", () => {
  const rows = [
    { month: "2026-02", facility: "a", count: 3, minis: 1 },
    { month: "2026-01", facility: "a", count: 5, minis: 5 },
    { month: "2026-02", facility: "b", count: 4, minis: 0 },
  ];
  expect(byMonth(rows)).toEqual([
    { month: "2026-01", count: 5, minis: 5 },
    { month: "2026-02", count: 7, minis: 1 },
  ]);
});

import { expect, test } from "vitest";
import { byMonth } from "./months";

test("facilities add up month by month, in order", () => {
  const rows = [
    { month: "2026-02", facility: "a", items: 3, finds: 1 },
    { month: "2026-01", facility: "a", items: 5, finds: 5 },
    { month: "2026-02", facility: "b", items: 4, finds: 0 },
  ];
  expect(byMonth(rows)).toEqual([
    { month: "2026-01", items: 5, finds: 5 },
    { month: "2026-02", items: 7, finds: 1 },
  ]);
});

test("a month without an entry stands there with none, over the turn of a year too", () => {
  const rows = [{ month: "2025-12", facility: "a", items: 1, finds: 1 }, { month: "2026-02", facility: "a", items: 2, finds: 1 }];
  expect(byMonth(rows)).toEqual([
    { month: "2025-12", items: 1, finds: 1 },
    { month: "2026-01", items: 0, finds: 0 },
    { month: "2026-02", items: 2, finds: 1 },
  ]);
  expect(byMonth([])).toEqual([]);
});

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

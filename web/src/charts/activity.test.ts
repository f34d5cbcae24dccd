import { expect, test } from "vitest";
import { inkOf, months, shapes, sumsOf } from "./activity";

const quiet = (days: number) => new Array<number>(days * 24).fill(0);

test("more events, more ink", () => {
  expect([0, 1, 3, 5, 40].map(inkOf)).toEqual([0, 1, 2, 3, 4]);
});

test("an hour is drawn in its day's column and its own row", () => {
  const events = quiet(2);
  events[24 + 3] = 1;
  expect(shapes(events, 10, 5)).toEqual(["M10 15h10v5h-10z", "", "", ""]);
});

test("nights and active days are counted over both", () => {
  const here = quiet(3);
  const elsewhere = quiet(3);
  here[22] = 3;
  elsewhere[24 + 12] = 1;
  expect(sumsOf({ from: "2026-05-01", days: 3, here, elsewhere })).toEqual({ active: 2, night: 0.75 });
  expect(sumsOf({ from: "2026-05-01", days: 1, here: quiet(1), elsewhere: quiet(1) }).night).toBeNull();
});

test("a month's mark stands on its first day", () => {
  expect(months("2026-05-30", 5)).toEqual([2]);
});

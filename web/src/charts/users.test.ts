import { expect, test } from "vitest";
import type { Segment } from "../api/types";
import { peopleOf, shareOf } from "./users";

const segment = (from: string, users: [string | null, number][]): Segment => ({
  from,
  to: from,
  changed: null,
  users: users.map(([inmate, probability]) => ({ inmate, cell: null, probability, log10_lr: 0 })),
});

test("the last stretch's likeliest has the first row, nobody the last", () => {
  expect(peopleOf([segment("2026-05-01", [["A", 0.9], [null, 0.1]]), segment("2026-05-10", [["B", 0.6], ["A", 0.2], [null, 0.2]])])).toEqual(["B", "A", null]);
});

test("an earlier stretch's likeliest has one, however many came later", () => {
  const later = segment("2026-05-10", ["B", "C", "D", "E", "F", "G"].map((inmate, index) => [inmate, 0.3 - index * 0.05]));
  const people = peopleOf([segment("2026-05-01", [["A", 0.9]]), later]);
  expect(people).toContain("A");
  expect(people).toHaveLength(6);
});

test("whoever has no row is in the last one's sum, so that each stretch comes to one", () => {
  const stretch = segment("2026-05-10", [...["A", "B", "C", "D", "E", "F", "G"].map((inmate): [string, number] => [inmate, 0.12]), [null, 0.16]]);
  const people = peopleOf([stretch]);
  expect(people).toHaveLength(6);
  const shares = people.map((inmate) => shareOf(stretch, inmate, people));
  expect(shares.at(-1)).toBeCloseTo(0.16 + 2 * 0.12);
  expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1);
});

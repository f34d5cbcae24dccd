import { expect, test } from "vitest";
import type { Handset } from "../../api/types";
import { open, passes } from "./filter";

const row = (more: Partial<Handset>): Handset => ({
  handset: "35100000000001", imei: "351000000000012", facility: "F1", facility_name: "CP", probability: 0.5, log10_lr: 0, first_seen: "", last_seen: "", events: 1,
  days_present: 1, imsis: 1, in_ledger: false, class: "mini", cloned: false, model: null, known: null, decision: null, cell: "B207", cell_probability: 0.2, ...more,
});

test("without criteria nothing is asked", () => {
  expect(passes(open)).toBeUndefined();
});

const cases: [string, Partial<typeof open>, Partial<Handset>, boolean][] = [
  ["a cell, whatever its capitals", { text: "b207" }, {}, true],
  ["part of an IMEI", { text: "0000012" }, {}, true],
  ["another number", { text: "999" }, {}, false],
  ["sure enough", { least: 0.5 }, {}, true],
  ["not sure enough", { least: 0.6 }, {}, false],
  ["no decision yet", { decision: "none" }, {}, true],
  ["decided already", { decision: "none" }, { decision: "confirm" }, false],
  ["not in the order book", { ledger: true }, {}, false],
  ["elsewhere", { facility: "F2" }, {}, false],
  ["two criteria at once", { facility: "F1", class: "smart" }, {}, false],
];

test.each(cases)("%s", (_, asked, more, expected) => {
  expect(passes({ ...open, ...asked })?.(row(more))).toBe(expected);
});

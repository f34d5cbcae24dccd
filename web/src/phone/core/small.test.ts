import { expect, test } from "vitest";
import { type CellState, cellStates, nextCell, steps } from "./cells";
import { custody, fromCode, toCode } from "./custody";
import { type Entry, spell, type What } from "./entry";
import { checkDigit, checkImei, imeisIn, spaced } from "./imei";
import { Ranges } from "./ranges";
import { Parts, toParts } from "./rescue";
import { nextSeal } from "./seals";

test.each([
  ["490154203237518", "good"],
  ["490154203237510", "wrong_check_digit"],
  ["49015420323751", "no_check_digit"],
  ["4901542032375101", "no_check_digit"],
  ["000000000000000", "not_an_imei"],
  ["12345", "not_an_imei"],
])("IMEI %s: %s", (digits, expected) => {
  expect(checkImei(digits)).toBe(expected);
});

test("every single wrong digit is noticed", () => {
  const good = "490154203237518";
  for (let at = 0; at < 15; at++) {
    for (let digit = 0; digit < 10; digit++) {
      const changed = good.slice(0, at) + String(digit) + good.slice(at + 1);
      expect(checkImei(changed) === "good").toBe(changed === good);
    }
  }
  expect(checkDigit("49015420323751")).toBe(8);
});

test("IMEIs are found in what a label says, whatever stands around them", () => {
  expect(imeisIn("IMEI1: 490154203237518 IMEI2: 49-015420-323751-8 S/N 123456789012345")).toEqual(["490154203237518"]);
  expect(spaced("490154203237518")).toBe("49 015420 323751 8");
});

test.each<[[number, number][], number, [number, number][]]>([
  [[], 0, []],
  [[], 3, [[1, 3]]],
  [[[2, 3], [5, 5]], 6, [[1, 1], [4, 4], [6, 6]]],
  [[[1, 9]], 4, []],
])("missing of %j up to %d", (ranges, last, expected) => {
  expect(Ranges.from(ranges).missing(last).toJSON()).toEqual(expected);
});

test("ranges come together where they touch", () => {
  const union = Ranges.from([[1, 2], [6, 7]]).union(Ranges.from([[3, 4], [9, 9]]));
  expect(union.toJSON()).toEqual([[1, 4], [6, 7], [9, 9]]);
  expect([union.count, union.has(4), union.has(5)]).toEqual([7, true, false]);
});

test.each([[[[3, 1]]], [[[1, 2], [3, 4]]], [[[0, 1]]], ["x"], [[[1]]]])("no ranges: %j", (value) => {
  expect(() => Ranges.from(value)).toThrow();
});

test.each([
  ["FR-000129", "FR-000130"],
  ["A9/x", undefined],
  ["S-999", undefined],
  ["none", undefined],
])("after seal %s comes %s", (seal, next) => {
  expect(nextSeal(seal)).toBe(next);
});

test("a text on a string of codes is whole once every part was read, in any order", () => {
  const text = "é😀".repeat(1_000);
  const parts = toParts(text, "x1");
  const read = new Parts();
  for (const part of [...parts, ...parts].reverse()) expect(read.take(part)).toBe(true);
  expect(read.text).toBe(text);
  expect(read.take("something else")).toBe(false);
});

const cell = { facility: "F1", cell: "a1" };

function entries(...whats: What[]): Entry[] {
  const by = { id: "17", name: "17" };
  return whats.map((what, at) => ({
    v: 1, id: `d:${at + 1}`, occurred: "2026-03-01T06:00:00Z", device: "d", sequence: at + 1, by, what,
  }));
}

const find = (seal: string): What => ({
  kind: "found",
  cell,
  find: {
    item: `i-${seal}`, kind: "phone", class: "mini", description: "small", imei: "not_readable",
    second_imei: "not_looked_at", sims: [], state: "off", screen: "dark", lay: "cell",
    photos: [{ file: `p-${seal}`, digest: "0".repeat(64) }], seal: { seal }, witnesses: ["9"],
  },
});

const start: What = { kind: "started", cell, detector: "visual", officers: 2 };

function only(...whats: What[]): CellState {
  const [state] = cellStates([], entries(...whats));
  if (state === undefined) throw new Error("no cell");
  return state;
}

test.each<[What[], string, number]>([
  [[start], "running", 0],
  [[start, find("A1")], "running", 1],
  [[start, find("A1"), { kind: "stopped", cell, why: "done" }], "done", 1],
  [[start, { kind: "nothing_found", cell }], "nothing", 0],
  [[{ kind: "could_not", cell, why: "locked" }], "could_not", 0],
  [[{ kind: "could_not", cell, why: "locked" }, start], "running", 0],
  [[start, { kind: "referred", cell, why: "on_person" }, start], "referred", 0],
  [[start, { kind: "stopped", cell, why: { interrupted: "x" } }], "interrupted", 0],
])("a cell's way, %#", (whats, status, finds) => {
  expect(only(...whats)).toMatchObject({ status, finds });
});

test("only what makes sense is offered", () => {
  expect(steps(only(start))).toContain("nothing");
  expect(steps(only(start, find("A1")))).not.toContain("nothing");
  expect(steps(only(start, { kind: "referred", cell, why: "on_person" }))).toEqual(["find"]);
});

test("the next cell is the running one, or the first that nobody has been to", () => {
  const planned = ["a1", "a2"].map((name) => ({
    cell: { facility: "F1", cell: name }, target: "cell" as const, team: "A", wave: 1, start: "2026-03-01T06:00:00Z",
    minutes: 15, detector: "visual" as const, expected_milli: 0,
  }));
  expect(nextCell(cellStates(planned, []))?.cell.cell).toBe("a1");
  expect(nextCell(cellStates(planned, entries({ kind: "nothing_found", cell })))?.cell.cell).toBe("a2");
});

const offer: What = {
  kind: "exhibit",
  what: { kind: "handed_on", hand_over: "h", to: { id: "9", name: "9" }, seals: ["A1"], items: [], rehashed: [] },
};
const receipt: What = {
  kind: "exhibit",
  what: { kind: "acknowledged", hand_over: "h", seals: ["A1"], items: [], condition: "intact", rehashed: [] },
};

test("what is handed on is held until the receiver has acknowledged it", () => {
  const own = entries(find("A1"), find("A2"), offer);
  expect(custody(own, [])).toMatchObject({ held: [{ seal: "A1" }, { seal: "A2" }], offers: [{ to: "9" }] });
  expect(custody(own, entries(receipt))).toMatchObject({ held: [{ seal: "A2" }], offers: [] });
  expect(custody(entries(receipt), []).held).toMatchObject([{ seal: "A1" }]);
});

test("a signed entry comes back off a code as it was", () => {
  const [entry] = entries(offer);
  if (entry === undefined) throw new Error("no entry");
  const signed = { text: spell(entry), signature: "0".repeat(128) };
  expect(fromCode(toCode(signed) ?? "")).toEqual({ signed, entry });
  expect(fromCode("https://example.org")).toBeUndefined();
  expect(toCode({ ...signed, text: "x".repeat(3_000) })).toBeUndefined();
});

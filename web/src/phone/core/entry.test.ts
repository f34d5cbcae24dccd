/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { envelope, find, readEntry, spell } from "./entry";
import { spellInstant } from "./ids";
import { Misfit } from "./shape";

const fixtures = new URL("../../../../crates/cellsweep-sweep/tests/fixtures/", import.meta.url);

function lines(file: string): unknown[] {
  const text = readFileSync(new URL(file, fixtures), "utf8");
  return text.trim().split("\n").map((line): unknown => JSON.parse(line));
}

test("entries that the server's program wrote are spelt the same here, to the byte", () => {
  const days = lines("day.v1.jsonl") as { record: { envelope: unknown } }[];
  expect(days.length).toBeGreaterThan(20);
  for (const { record } of days) {
    const { text } = envelope.take(record.envelope, "envelope");
    expect(spell(readEntry(text))).toBe(text);
  }
});

const started = {
  v: 1,
  id: "a1:2",
  occurred: "2026-03-01T06:01:00Z",
  device: "a1",
  sequence: 2,
  by: { id: "17", name: "17" },
  what: { kind: "started" as const, cell: { facility: "F1", cell: "a1" }, detector: "visual" as const, officers: 3 },
};

test("members come out in the one order, whatever order they went in", () => {
  const mixed = Object.fromEntries(Object.entries(started).reverse()) as typeof started;
  expect(spell(mixed)).toBe(spell(started));
  expect(spell(started)).toMatch(/^\{"v":1,"id":"a1:2","occurred":/);
});

test("what is escaped is escaped as the server does", () => {
  const text = 'a "b" \\ / é 😀 \u2028 \u007f';
  const spelt = spell({ ...started, what: { kind: "could_not", cell: started.what.cell, why: { other: `${text}\n\u0001` } } });
  expect(spelt).toContain(String.raw`a \"b\" \\ / é 😀 ` + "\u2028 \u007f" + String.raw`\n\u0001`);
});

test.each([
  ["another order", '{"id":"a1:2","v":1'],
  ["a blank", '{"v": 1,"id":"a1:2"'],
])("a text in another spelling is no entry: %s", (_, beginning) => {
  const text = spell(started).replace('{"v":1,"id":"a1:2"', beginning);
  expect(() => readEntry(text)).toThrow();
});

test.each<[string, Record<string, unknown>]>([
  ["a member that nobody knows", { ...started, more: 1 }],
  ["a newer version", { ...started, v: 2 }],
  ["a moment with a zone", { ...started, occurred: "2026-03-01T06:01:00+01:00" }],
  ["blanks around a name", { ...started, device: " a1" }],
  ["a name too long", { ...started, device: "é".repeat(65) }],
  ["half a character", { ...started, device: "a\ud800" }],
])("is no entry: %s", (_, value) => {
  expect(() => readEntry(JSON.stringify(value))).toThrow(Misfit);
});

test("a hiding place may be left out, and stands between where it lay and its photos", () => {
  const least = {
    item: "i", kind: "phone", class: "mini", description: "small", imei: "not_readable", second_imei: "not_looked_at",
    sims: [], state: "off", screen: "dark", lay: "cell", photos: [], seal: { seal: "A1" }, witnesses: [],
  };
  expect(JSON.stringify(find.take(least, "find"))).toBe(JSON.stringify(least));
  const hidden = JSON.stringify(find.take({ ...least, hiding_place: "sink" }, "find"));
  expect(hidden).toContain('"lay":"cell","hiding_place":"sink","photos":[]');
});

test.each([
  [0, "1970-01-01T00:00:00Z"],
  [1, "1970-01-01T00:00:00.001Z"],
  [1_120, "1970-01-01T00:00:01.12Z"],
  [600_000, "1970-01-01T00:10:00Z"],
])("moments have no zeros at their end: %d", (ms, expected) => {
  expect(spellInstant(ms)).toBe(expected);
});

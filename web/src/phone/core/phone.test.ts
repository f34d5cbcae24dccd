/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { What } from "./entry";
import { type FromServer, readFromServer, writeFromPhone } from "./message";
import { NotEntered, Phone } from "./phone";
import { Ranges } from "./ranges";

const by = { id: "17", name: "17" };
const cell = { facility: "F1", cell: "a1" };
const nothing: What = { kind: "nothing_found", cell };
const MARK = "0123456789abcdef".repeat(2);
const START = Date.parse("2026-03-01T06:00:00Z");

function enter(phone: Phone, what: What = nothing) {
  return phone.enter({ text: phone.draft(by, START, what), signature: "0".repeat(128) });
}

function withEntries(count: number): Phone {
  const phone = new Phone("a1");
  for (let at = 0; at < count; at++) enter(phone);
  return phone;
}

function numbers(phone: Phone): number[] {
  const batch = phone.batch();
  return batch?.kind === "batch" ? batch.entries.map((_, at) => batch.first + at) : [];
}

const acknowledged = (...have: [number, number][]): FromServer => ({ kind: "acknowledged", device: "a1", have: Ranges.from(have) });
const tick = (at: number) => ({ clock: START + at, steady: at });

test("messages are those that the server's program wrote down", () => {
  const file = new URL("../../../../crates/cellsweep-sweep/tests/fixtures/sync.v1.jsonl", import.meta.url);
  const [hello, batch, marked, ...answers] = readFileSync(file, "utf8").trim().split("\n");
  for (const line of answers) {
    const message = readFromServer(JSON.parse(line));
    expect(JSON.stringify({ v: 1, message })).toBe(line);
  }
  for (const line of [hello, batch, marked]) {
    const { message } = JSON.parse(line ?? "") as { message: Parameters<typeof writeFromPhone>[0] };
    expect(writeFromPhone(message)).toBe(line);
  }
});

test("entries are numbered and sent until they are acknowledged", () => {
  const phone = withEntries(5);
  expect(numbers(phone)).toEqual([1, 2, 3, 4, 5]);
  phone.receive(acknowledged([1, 2], [4, 4]), tick(0));
  expect(phone.unsent).toBe(2);
  expect(numbers(phone)).toEqual([3]);
  expect(numbers(phone)).toEqual([5]);
  phone.receive(acknowledged([3, 5]), tick(0));
  expect(phone.unsent).toBe(0);
  expect(numbers(phone)).toEqual([]);
});

test("an entry that is never acknowledged holds up no other", () => {
  const phone = withEntries(600);
  const sent = [numbers(phone), numbers(phone), numbers(phone)].flat();
  expect(new Set(sent).size).toBe(600);
});

test("what the server lost with its disk is sent again", () => {
  const phone = withEntries(3);
  phone.receive(acknowledged([1, 3]), tick(0));
  const have = Ranges.from([[1, 1]]);
  const at = "2026-03-01T06:00:00Z";
  phone.receive({ kind: "welcome", device: "a1", clock: at, echo: at, have, standing: "enrolled" }, tick(0));
  expect(numbers(phone)).toEqual([2, 3]);
});

test("a device ends when it has finished and everything is acknowledged, and not before", () => {
  const phone = withEntries(1);
  enter(phone, { kind: "finished" });
  expect(phone.phase).toBe("sending");
  expect(() => enter(phone)).toThrow(NotEntered);
  expect(phone.shred()).toBe(false);
  phone.receive(acknowledged([1, 2]), tick(0));
  expect(phone.phase).toBe("done");
  expect(phone.shred()).toBe(true);
  expect(phone.export()).toEqual([]);
});

test("a device that is started anew is what was kept of it", () => {
  const phone = withEntries(2);
  enter(phone, { kind: "finished" });
  const outbox = phone.export().flatMap((message) => (message.kind === "batch" ? message.entries : []));
  const anew = new Phone("a1", { outbox, acknowledged: Ranges.from([[1, 2]]), heard: { count: 4, mark: MARK } });
  expect([anew.phase, anew.last, anew.unsent, anew.heard.count]).toEqual(["sending", 3, 1, 4]);
});

test("a revoked device enters no more and sends what it has", () => {
  const phone = withEntries(1);
  const at = "2026-03-01T06:00:00Z";
  phone.receive({ kind: "welcome", device: "a1", clock: at, echo: at, have: Ranges.none, standing: "revoked" }, tick(0));
  expect(() => enter(phone)).toThrow(NotEntered);
  expect(numbers(phone)).toEqual([1]);
});

test("command's words come in order; what is out of order is asked for again", () => {
  const phone = new Phone("a1");
  const word = { text: "{}", signature: "0".repeat(128) };
  expect(phone.receive({ kind: "news", device: "a1", after: 2, upto: 3, entries: [word] }, tick(0)).news).toEqual([]);
  expect(phone.receive({ kind: "news", device: "a1", after: 0, upto: 2, entries: [word] }, tick(0)).news).toEqual([word]);
  expect(phone.heard.count).toBe(2);
});

test("a server that was put back to fewer words is heard from the first", () => {
  const phone = new Phone("a1", { outbox: [], acknowledged: Ranges.none, heard: { count: 8, mark: MARK } });
  expect(phone.hello(tick(0))).toMatchObject({ heard: 8, mark: MARK });
  const word = { text: "{}", signature: "1".repeat(128) };
  const other = "1".repeat(32);
  expect(phone.receive({ kind: "news", device: "a1", after: 8, upto: 5, mark: other, entries: [word] }, tick(0)).news).toEqual([word]);
  expect(phone.hello(tick(0))).toMatchObject({ heard: 5, mark: other });
});

function welcomed(phone: Phone, sent: number, back: { clock: number; steady: number }, truth: string) {
  const hello = phone.hello(tick(sent));
  const echo = hello.kind === "hello" ? hello.clock : "";
  const message: FromServer = { kind: "welcome", device: "a1", clock: truth, echo, have: Ranges.none, standing: "enrolled" };
  return phone.receive(message, back).reading;
}

test("a clock is held against the server's in the middle of the exchange", () => {
  const reading = welcomed(new Phone("a1"), 0, tick(400), "2026-03-01T06:05:00.2Z");
  expect(reading).toEqual({ its: START + 200, truth: "2026-03-01T06:05:00.2Z", within: 202 });
});

test("a measure that says no more than the last is not entered", () => {
  const phone = new Phone("a1");
  expect(welcomed(phone, 0, tick(400), "2026-03-01T06:05:00.2Z")).toBeDefined();
  expect(welcomed(phone, 1_000, tick(1_400), "2026-03-01T06:05:01.2Z")).toBeUndefined();
  expect(welcomed(phone, 1_000_000, tick(1_000_400), "2026-03-01T06:21:40.2Z")).toBeDefined();
});

test.each<[string, { clock: number; steady: number }]>([
  ["somebody set the clock meanwhile", { clock: START + 9_000, steady: 400 }],
  ["it took too long", tick(61_000)],
])("no measure: %s", (_, back) => {
  expect(welcomed(new Phone("a1"), 0, back, "2026-03-01T06:05:00Z")).toBeUndefined();
});

test("what makes no sense is not entered: a phone that was off shows nothing", () => {
  const phone = new Phone("a1");
  const find = {
    item: "i", kind: "phone", class: "mini", description: "small", imei: "not_readable", second_imei: "not_looked_at",
    sims: [], state: "off", screen: "lit", lay: "cell", photos: [], seal: "not_yet", witnesses: [],
  } as const;
  const what: What = { kind: "found", cell, find: { ...find, sims: [], photos: [], witnesses: [] } };
  expect(() => phone.draft(by, START, what)).toThrow("off_stays_off");
});

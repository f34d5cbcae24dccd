import { expect, test } from "vitest";
import type { WallCell, WallSite } from "../../api/types";
import { alike, byNeed, isSilent, totals } from "./sites";

const site = (facility: string, more: Partial<WallSite> = {}): WallSite => ({
  facility, name: facility, lat: 0, lon: 0, cells: 10, done: 2, started: 3, found: 1, expected: 2.5, silent_minutes: 0, teams: [], cells_list: [], ...more,
});
const conflict: WallCell = { cell: "B1", state: "conflict", team: "E1", found: 0, expected: 0, start: "" };

test("a finished site may be quiet", () => {
  expect(isSilent(site("a", { silent_minutes: 30 }))).toBe(true);
  expect(isSilent(site("a", { silent_minutes: 30, done: 10 }))).toBe(false);
  expect(isSilent(site("a", { silent_minutes: null }))).toBe(false);
});

test("what needs a look comes first", () => {
  const sites = [site("calm", { done: 9 }), site("busy"), site("split", { cells_list: [conflict] }), site("mute", { silent_minutes: 12 }), site("gone", { silent_minutes: 40 })];
  expect(byNeed(sites).map((each) => each.facility)).toEqual(["gone", "mute", "split", "busy", "calm"]);
});

test("sums", () => {
  expect(totals([site("a"), site("b", { silent_minutes: 20 })])).toEqual({ cells: 20, done: 4, found: 2, expected: 5, silent: 1 });
});

test("what is raised again and again stands there once, with the latest time", () => {
  const flag = (en: string, at: string) => ({ text: { fr: en, en }, at });
  const flags = [flag("clock", "06:02"), flag("cell", "06:01"), flag("clock", "06:05"), flag("clock", "06:00")];
  expect(alike(flags)).toEqual([{ flag: flag("clock", "06:05"), times: 3 }, { flag: flag("cell", "06:01"), times: 1 }]);
});

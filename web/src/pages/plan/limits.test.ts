import { expect, test } from "vitest";
import type { Limits } from "../../api/types";
import { read, typed } from "./limits";

const limits: Limits = { cells: 1500, facilities: null, cells_each: 60, teams: 4, hours: 1.5, waves: 1, raw: "x = 1" };

test("what isn't touched is left to the text", () => {
  expect(read(typed(limits), "y = 2", limits)).toEqual({ limits: { raw: "y = 2" }, wrong: [] });
});

test("a French comma and spaces are numbers too", () => {
  expect(read({ ...typed(limits), hours: "2,5", cells: "1 200" }, "", limits).limits).toEqual({ hours: 2.5, cells: 1200, raw: "" });
});

test("an empty field lifts the limit; waves can't be lifted", () => {
  expect(read({ ...typed(limits), cells: "" }, "", limits).limits).toEqual({ cells: null, raw: "" });
  expect(read({ ...typed(limits), waves: "", cells: "" }, "", limits)).toEqual({ limits: null, wrong: ["waves"] });
});

test("nothing below or at zero, and no half team", () => {
  expect(read({ ...typed(limits), waves: "0", cells_each: "-1", cells: "many", teams: "1.5" }, "", limits).wrong).toEqual(["cells", "cells_each", "teams", "waves"]);
});

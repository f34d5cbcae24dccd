import { expect, test } from "vitest";
import type { Limits } from "../../api/types";
import { read, typed } from "./limits";

const limits: Limits = { cells: 1500, facilities: null, cells_each: 60, teams: 120, hours: 1.5, waves: 1, raw: "x = 1" };

test("what is typed and read again is the same", () => {
  expect(read(typed(limits), limits.raw)).toEqual({ limits: { cells: 1500, facilities: null, cells_each: 60, waves: 1, raw: "x = 1" }, wrong: [] });
});

test("a French comma and spaces are numbers too", () => {
  expect(read({ ...typed(limits), waves: "2,0", cells: "1 200" }, "").limits).toMatchObject({ waves: 2, cells: 1200 });
});

test("waves can't be left empty, cells can", () => {
  expect(read({ ...typed(limits), waves: "", cells: "" }, "")).toEqual({ limits: null, wrong: ["waves"] });
});

test("nothing below or at zero", () => {
  expect(read({ ...typed(limits), waves: "0", cells_each: "-1", cells: "many" }, "").wrong).toEqual(["cells", "cells_each", "waves"]);
});

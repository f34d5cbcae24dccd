import { expect, test } from "vitest";
import type { Limits } from "../../api/types";
import { read, typed } from "./limits";

const limits: Limits = { cells: 1500, facilities: null, cells_each: 60, teams: 120, hours: 1.5, waves: 1, raw: "x = 1" };

test("what is typed and read again is the same", () => {
  expect(read(typed(limits), limits.raw)).toEqual({ limits, wrong: [] });
});

test("a French comma and spaces are numbers too", () => {
  expect(read({ ...typed(limits), hours: "2,5", cells: "1 200" }, "").limits).toMatchObject({ hours: 2.5, cells: 1200 });
});

test("teams can't be left empty, cells can", () => {
  expect(read({ ...typed(limits), teams: "", cells: "" }, "")).toEqual({ limits: null, wrong: ["teams"] });
});

test("nothing below or at zero", () => {
  expect(read({ ...typed(limits), waves: "0", hours: "-1", cells: "many" }, "").wrong).toEqual(["cells", "hours", "waves"]);
});

import { describe, expect, test } from "vitest";
import { folded, nextSort, ordered, passing } from "./arrange";

const rows = [
  { id: "a", p: 0.2 }, { id: "b", p: null }, { id: "c", p: 0.9 }, { id: "d", p: 0.2 },
];
const ids = (order: Uint32Array) => passing(rows, order, undefined).map((row) => row.id).join("");

describe("order", () => {
  test("goes up or down, what has no key last, ties as they came", () => {
    expect(ids(ordered(rows, (row) => row.p, false))).toBe("adcb");
    expect(ids(ordered(rows, (row) => row.p, true))).toBe("cadb");
  });

  test("of words", () => {
    expect(ids(ordered(rows, (row) => row.id, true))).toBe("dcba");
  });
});

test("what passes keeps its order", () => {
  const order = ordered(rows, (row) => row.p, true);
  expect(passing(rows, order, (row) => row.p !== 0.9).map((row) => row.id)).toEqual(["a", "d", "b"]);
});

test("accents and capitals don't matter", () => {
  expect(folded("Pré-Chêne")).toBe("pre-chene");
});

test("a second press turns the order round", () => {
  const first = nextSort({ column: "name", descending: false }, "events", true);
  expect(first).toEqual({ column: "events", descending: true });
  expect(nextSort(first, "events", true)).toEqual({ column: "events", descending: false });
});

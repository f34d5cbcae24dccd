import { expect, test } from "vitest";
import type { Cell } from "../../api/study";
import { formats } from "../../i18n/format";
import { decimalsOf, figureColumns, writer } from "./values";

const [fr, en] = [writer("fr", formats("fr")), writer("en", formats("en"))];

test("cells are written as each language does", () => {
  const cells: [Cell, string, string][] = [
    [{ Words: { fr: "lancer", en: "throw" } }, "lancer", "throw"],
    [{ Name: "F012" }, "F012", "F012"],
    [{ Count: 12323 }, "12\u202f323", "12,323"],
    [{ Number: [-1234.25, 1] }, "−1\u202f234,3", "−1,234.3"],
    [{ Number: [0.125, 3] }, "0,125", "0.125"],
    [{ Share: 0.77 }, "77\u202f%", "77%"],
    [{ Share: -0.412 }, "−41\u202f%", "−41%"],
    [{ Shares: [0.598, 0.913] }, "60\u202f% à 91\u202f%", "60% to 91%"],
    [{ Between: [0.4, 12.26, 1] }, "0,4 à 12,3", "0.4 to 12.3"],
    ["Blank", "–", "–"],
  ];
  for (const [cell, french, english] of cells) {
    expect(fr.cell(cell)).toBe(french);
    expect(en.cell(cell)).toBe(english);
  }
});

test("what rounds to nought has no sign, and what isn't known no figure", () => {
  expect(en.number(-0.04, 1)).toBe("0.0");
  expect(en.share(-0.001)).toBe("0%");
  expect(en.cell({ Number: [null, 2] })).toBe("–");
  expect(fr.cell({ Shares: [null, 0.5] })).toBe("– à 50\u202f%");
});

test("values along an axis are told apart", () => {
  expect([0, 0.005, 0.01].map((value) => en.tick(value, [0, 0.005, 0.01], "Shares"))).toEqual(["0.0%", "0.5%", "1.0%"]);
  expect([0, 0.2, 0.4].map((value) => fr.tick(value, [0, 0.2, 0.4], "Shares"))).toEqual(["0\u202f%", "20\u202f%", "40\u202f%"]);
  expect([0, 0.5, 1].map((value) => fr.tick(value, [0, 0.5, 1], "Numbers"))).toEqual(["0,0", "0,5", "1,0"]);
  expect(en.tick(4, [2, 4], "None")).toBe("");
});

test("decimals follow the step", () => {
  expect(decimalsOf([0, 20, 40])).toBe(0);
  expect(decimalsOf([0, 0.1, 0.2, 0.3])).toBe(1);
  expect(decimalsOf([0.02, 0.04])).toBe(2);
  expect(decimalsOf([7])).toBe(0);
});

test("a column with a figure in it stands to the right", () => {
  const head = [{ fr: "", en: "" }, { fr: "", en: "" }];
  expect(figureColumns(head, [[{ Name: "F001" }, "Blank"], [{ Name: "F002" }, { Count: 3 }]])).toEqual([false, true]);
});

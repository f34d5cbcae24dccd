import { expect, test } from "vitest";
import { formats, formatsAt } from "./format";

const plain = (text: string) => text.replace(/\s/g, " ");

test("figures are written as the language does", () => {
  expect(plain(formats("fr").count(12345))).toBe("12 345");
  expect(formats("en").count(12345)).toBe("12,345");
  expect(formats("fr").signed(1.25, 2)).toBe("+1,25");
});

test("what is not certain is never written as certain", () => {
  const en = formats("en");
  expect(en.percent(0.9999)).toBe("> 99.9%");
  expect(en.percent(0.00001)).toBe("< 0.1%");
  expect(en.percent(0.42)).toBe("42%");
  expect(en.percent(1)).toBe("100%");
});

test("a time is told in the zone that is asked for", () => {
  expect(formats("en", "Europe/Paris").time("2026-03-12T05:05:00Z")).toBe("06:05");
});

test("bytes go up by thousands", () => {
  expect(formats("fr").bytes(3_400_000)).toBe("3,4 Mo");
  expect(formats("en").bytes(12)).toBe("12 B");
});

test("a day of the calendar is the same day everywhere", () => {
  for (const zone of ["America/Martinique", "Pacific/Noumea", "Europe/Paris"]) {
    const en = formats("en", zone);
    expect([en.date("2026-05-01"), en.day("2026-05-01"), en.month("2026-05-01")]).toEqual(["1 May 2026", "1 May", "May 2026"]);
  }
});

test("what happened at a place is told in its own zone, and where that isn't known in the reader's", () => {
  const at = "2026-05-01T20:30:00Z";
  expect(formatsAt("en", "Pacific/Noumea").dateTime(at)).toContain("2 May 2026");
  expect(formatsAt("en", "America/Martinique").dateTime(at)).toMatch(/1 May 2026.*16:30/);
  for (const none of [null, "Nowhere/AtAll"]) expect(formatsAt("en", none).dateTime(at)).toBe(formats("en").dateTime(at));
});

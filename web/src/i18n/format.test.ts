import { expect, test } from "vitest";
import { formats } from "./format";

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

import { expect, test } from "vitest";
import type { TimelineEntry, TimelineKind } from "../api/types";
import { goesOn } from "./timeline";

const entry = (kind: TimelineKind, to: string | null): TimelineEntry => ({ kind, from: "2026-05-01T00:00:00Z", to, label: { fr: "", en: "" } });

test("jamming and outages without an end go on; a search is a moment", () => {
  expect(goesOn(entry("jamming", null))).toBe(true);
  expect(goesOn(entry("outage", null))).toBe(true);
  expect(goesOn(entry("jamming", "2026-05-02T00:00:00Z"))).toBe(false);
  expect(goesOn(entry("search", null))).toBe(false);
});

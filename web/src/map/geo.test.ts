import { describe, expect, test } from "vitest";
import { boxOf, distance, groups, inside, off, wedge } from "./geo";
import type { Place } from "./geo";

const paris: Place = [2.35, 48.85];

test("a degree of latitude is about 111 km", () => {
  expect(distance([0, 0], [0, 1]) / 1000).toBeCloseTo(111.2, 0);
});

test("what lies off lies as far as asked", () => {
  for (const azimuth of [0, 45, 170, 300]) expect(distance(paris, off(paris, azimuth, 2000))).toBeCloseTo(2000, -1);
});

describe("a sector", () => {
  test("opens to its azimuth", () => {
    const ring = wedge({ lon: 2.35, lat: 48.85, azimuth_deg: 90, beamwidth_deg: 60, range_m: 1000 });
    expect(inside(off(paris, 90, 500), ring)).toBe(true);
    expect(inside(off(paris, 270, 500), ring)).toBe(false);
  });

  test("without a direction is a circle", () => {
    const ring = wedge({ lon: 2.35, lat: 48.85, azimuth_deg: null, beamwidth_deg: null, range_m: 1000 });
    for (const azimuth of [10, 100, 190, 280]) expect(inside(off(paris, azimuth, 900), ring)).toBe(true);
  });
});

test("islands overseas are groups of their own", () => {
  const places = [{ lon: 55.4, lat: -20.9 }, { lon: 2, lat: 48 }, { lon: 5, lat: 45 }, { lon: -1, lat: 46 }];
  expect(groups(places).map((group) => group.length)).toEqual([3, 1]);
});

test("one place still has a box around it", () => {
  const [west, south, east, north] = boxOf([paris]);
  expect(east).toBeGreaterThan(west);
  expect(north).toBeGreaterThan(south);
});

/** What maps are made of, whichever way they are drawn. */
import type { Box, Place } from "./geo";

export interface Dot {
  id: string;
  lon: number;
  lat: number;
  name: string;
  /** What is said of it after its name. */
  says: string;
  /** In pixels. */
  radius: number;
  /** 0 (none) to 5 (many). */
  heat: number;
  silent?: boolean;
}

export interface Area {
  ring: Place[];
  kind: "outline" | "inside" | "outside";
  /** How strongly it is filled, 0..1. */
  weight: number;
}

export interface MapProps {
  label: string;
  dots?: Dot[] | undefined;
  areas?: Area[] | undefined;
  /** What is shown at first, and again on request; the first one is the main view. */
  views: { name: string; box: Box }[];
  onChoose?: ((id: string) => void) | undefined;
  low?: boolean | undefined;
}

export const NO_DOTS: Dot[] = [];
export const NO_AREAS: Area[] = [];

/** The largest first, so that the smaller ones lie above them. */
export const bySize = (dots: readonly Dot[]): Dot[] => [...dots].sort((a, b) => b.radius - a.radius);

/** Where the land is to be marked as ours: one `lon,lat` for each thing that is shown. */
export const placesOf = (dots: readonly Dot[], areas: readonly Area[]): Place[] => [
  ...dots.map(({ lon, lat }): Place => [lon, lat]),
  ...areas.flatMap((area) => area.ring.slice(0, 1)),
];

/** Whose names have room, the largest discs' first: where they cover neither a disc nor another name. Pixels. */
export function named(at: readonly { dot: Dot; x: number; y: number }[], width: number): Set<string> {
  const taken = at.map(({ dot, x, y }) => ({ id: dot.id, left: x - dot.radius, right: x + dot.radius, y, half: dot.radius }));
  const names = new Set<string>();
  for (const { dot, x, y } of at) {
    const [left, right] = [x + dot.radius + 3, x + dot.radius + 12 + dot.name.length * 6.6];
    const free = right < width && taken.every((other) => other.id === dot.id || Math.abs(other.y - y) > other.half + 8 || left > other.right || right < other.left);
    if (!free) continue;
    names.add(dot.id);
    taken.push({ id: "", left, right, y, half: 9 });
  }
  return names;
}

/** Places on the earth, as far as the pictures need them. Longitudes and latitudes in degrees. */

export type Place = [lon: number, lat: number];
export type Box = [west: number, south: number, east: number, north: number];

const EARTH_M = 6_371_000;
const rad = (deg: number) => (deg * Math.PI) / 180;

/** Great-circle distance in metres (haversine). */
export function distance([lon1, lat1]: Place, [lon2, lat2]: Place): number {
  const h = Math.sin(rad(lat2 - lat1) / 2) ** 2 + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The place that lies `metres` off in a direction (degrees from north, clockwise); flat earth, good below 100 km. */
export function off([lon, lat]: Place, azimuth: number, metres: number): Place {
  const north = metres * Math.cos(rad(azimuth));
  const east = metres * Math.sin(rad(azimuth));
  return [lon + ((east / EARTH_M / Math.cos(rad(lat))) * 180) / Math.PI, lat + ((north / EARTH_M) * 180) / Math.PI];
}

export interface Beam {
  lon: number;
  lat: number;
  azimuth_deg: number | null;
  beamwidth_deg: number | null;
  range_m: number | null;
}

/** Where the range isn't known a sector is drawn this far, in metres. */
const RANGE = 1500;
const STEPS = 24;

/** A sector's ring: a wedge, or a circle where it has no direction. */
export function wedge(beam: Beam): Place[] {
  const centre: Place = [beam.lon, beam.lat];
  const range = beam.range_m ?? RANGE;
  const round = beam.azimuth_deg === null || (beam.beamwidth_deg ?? 360) >= 360;
  const width = round ? 360 : (beam.beamwidth_deg ?? 120);
  const from = (beam.azimuth_deg ?? 0) - width / 2;
  const arc = Array.from({ length: STEPS + 1 }, (_, step) => off(centre, from + (width * step) / STEPS, range));
  return round ? arc : [centre, ...arc, centre];
}

/** The box around places, with a margin as a share of its size; never thinner than `least` degrees. */
export function boxOf(places: readonly Place[], margin = 0.08, least = 0.004): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of places) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  const x = Math.max((east - west) * margin, least);
  const y = Math.max((north - south) * margin, least);
  return [west - x, south - y, east + x, north + y];
}

/** Whether a place lies in a box. */
export const within = ([lon, lat]: Place, [west, south, east, north]: Box) => lon >= west && lon <= east && lat >= south && lat <= north;

/** Whether two boxes have something in common. */
export const meet = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Where a place lies on the square of the whole earth, 0..1 from the north-west corner (Web Mercator, EPSG:3857). */
export function mercator([lon, lat]: Place): [x: number, y: number] {
  return [(lon + 180) / 360, (1 - Math.log(Math.tan(Math.PI / 4 + rad(lat) / 2)) / Math.PI) / 2];
}

/** The place at a point of that square. */
export function unmercator(x: number, y: number): Place {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

/**
 * Places that hang together, largest group first: each lies within `reach` metres of another one of its group. Overseas
 * territories come out apart, so that a map of the country need not show an ocean.
 */
export function groups<P extends { lon: number; lat: number }>(places: readonly P[], reach = 700_000): P[][] {
  const left = new Set(places);
  const found: P[][] = [];
  for (const start of places) {
    if (!left.delete(start)) continue;
    const group = [start];
    for (const member of group) {
      for (const other of [...left]) {
        if (distance([member.lon, member.lat], [other.lon, other.lat]) > reach) continue;
        left.delete(other);
        group.push(other);
      }
    }
    found.push(group);
  }
  return found.sort((a, b) => b.length - a.length);
}

/** Whether a place lies in a ring (even-odd rule). */
export function inside([lon, lat]: Place, ring: readonly (readonly number[])[]): boolean {
  let within = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

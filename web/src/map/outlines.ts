/** The countries' outlines, bundled (Natural Earth, public domain, as npm's `world-atlas`); read once, when a map opens. */
import { feature } from "topojson-client";
import type { FeatureCollection, Geometry } from "geojson";
import type { GeometryCollection, Topology } from "topojson-specification";
import url from "world-atlas/countries-50m.json?url";
import { boxOf, inside, within } from "./geo";
import type { Box, Place } from "./geo";

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

/** A country: its outer rings, each with the box around it. */
interface Country {
  geometry: Geometry;
  rings: { ring: Place[]; box: Box }[];
}

/** A country on a map of certain places. */
export interface Land extends Country {
  /** Whether one of the places lies in it. */
  ours: boolean;
}

let read: Promise<Country[]> | undefined;

function countries() {
  read ??= fetch(url)
    .then((response) => response.json() as Promise<Atlas>)
    .then((atlas) => feature(atlas, atlas.objects.countries).features.map(({ geometry }) => ({ geometry, rings: ringsOf(geometry).map((ring) => ({ ring, box: boxOf(ring, 0, 0) })) })));
  return read;
}

const ringsOf = (geometry: Geometry): Place[][] => {
  if (geometry.type === "Polygon") return geometry.coordinates.slice(0, 1) as Place[][];
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1)) as Place[][];
  return [];
};

/** All countries; those that hold one of the places are `ours`. */
export async function lands(places: readonly Place[]): Promise<Land[]> {
  const holds = ({ rings }: Country) => rings.some(({ ring, box }) => places.some((place) => within(place, box) && inside(place, ring)));
  return (await countries()).map((country) => ({ ...country, ours: holds(country) }));
}

/** The same as features. */
export async function outlines(places: readonly Place[]): Promise<FeatureCollection<Geometry, { ours: boolean }>> {
  const features = (await lands(places)).map(({ geometry, ours }) => ({ type: "Feature" as const, geometry, properties: { ours } }));
  return { type: "FeatureCollection", features };
}

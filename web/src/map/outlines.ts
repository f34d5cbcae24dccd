/** The countries' outlines, bundled (Natural Earth, public domain, as npm's `world-atlas`); read once, when a map opens. */
import { feature } from "topojson-client";
import type { FeatureCollection, Geometry } from "geojson";
import type { GeometryCollection, Topology } from "topojson-specification";
import url from "world-atlas/countries-50m.json?url";
import { inside } from "./geo";
import type { Place } from "./geo";

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

let read: Promise<FeatureCollection<Geometry, { name: string }>> | undefined;

function countries() {
  read ??= fetch(url)
    .then((response) => response.json() as Promise<Atlas>)
    .then((atlas) => feature(atlas, atlas.objects.countries));
  return read;
}

const ringsOf = (geometry: Geometry): number[][][] => {
  if (geometry.type === "Polygon") return geometry.coordinates.slice(0, 1);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
  return [];
};

/** All countries; those that hold one of the places are marked `ours`. */
export async function outlines(places: readonly Place[]): Promise<FeatureCollection<Geometry, { ours: boolean }>> {
  const all = await countries();
  return {
    type: "FeatureCollection",
    features: all.features.map((each) => {
      const rings = ringsOf(each.geometry);
      return { ...each, properties: { ours: places.some((place) => rings.some((ring) => inside(place, ring))) } };
    }),
  };
}

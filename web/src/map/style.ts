/** The map's look, from the same tokens as the pages. */
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";
import type { Background } from "./background";

export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface Sources {
  land: FeatureCollection;
  areas: FeatureCollection;
  /** Streets and shores of the office's own, over the outlines. */
  background: Background;
}

/** A style with nothing to fetch from elsewhere: no letters, no sprites, and no tiles but the office's own. */
export function styleOf({ land, areas, background }: Sources): StyleSpecification {
  const kind = (name: string) => ["==", ["get", "kind"], name] as ["==", ["get", string], string];
  const ours: ExpressionSpecification = ["boolean", ["get", "ours"], false];
  return {
    version: 8,
    sources: { land: { type: "geojson", data: land }, areas: { type: "geojson", data: areas }, ...background.sources },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ["case", ours, token("--land"), token("--land-other")], "fill-antialias": false } },
      { id: "borders", type: "line", source: "land", paint: { "line-color": token("--border"), "line-width": ["case", ours, 1.4, 0.7] } },
      ...background.layers,
      { id: "sectors", type: "fill", source: "areas", filter: ["!=", ["get", "kind"], "outline"], paint: { "fill-color": token("--for"), "fill-opacity": ["*", 0.45, ["get", "weight"]] } },
      { id: "sectors-outside", type: "line", source: "areas", filter: kind("outside"), paint: { "line-color": token("--ink-faint"), "line-width": 1, "line-dasharray": [3, 3] } },
      { id: "sectors-inside", type: "line", source: "areas", filter: kind("inside"), paint: { "line-color": token("--for"), "line-width": 1.75 } },
      { id: "outline", type: "fill", source: "areas", filter: kind("outline"), paint: { "fill-color": token("--heat-3"), "fill-opacity": 0.35 } },
      { id: "outline-line", type: "line", source: "areas", filter: kind("outline"), paint: { "line-color": token("--heat-5"), "line-width": 2.5 } },
    ],
  };
}

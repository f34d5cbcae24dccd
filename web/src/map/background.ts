/**
 * The background that the office serves, where it has one: a PMTiles file of vector tiles in Protomaps' form (version 4,
 * https://docs.protomaps.com/basemaps/layers), read in ranges from our own origin. Shapes alone are drawn: letters and
 * pictures would have to be fetched.
 */
import { addProtocol } from "maplibre-gl";
import type { ExpressionSpecification, FillLayerSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";
import { tilesUrl } from "../api/client";

const SOURCE = "background";
const file = new PMTiles(new URL(tilesUrl, location.origin).href);
const protocol = new Protocol();
protocol.add(file);
addProtocol("pmtiles", protocol.tile);

export interface Background {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

/** What is drawn between the sea and the case's own places, in the colours that `token` gives. */
export function background(token: (name: string) => string): Background {
  const shapes = (id: string, color: string): FillLayerSpecification => ({
    id, type: "fill", source: SOURCE, "source-layer": id, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token(color) },
  });
  return {
    sources: { [SOURCE]: { type: "vector", url: `pmtiles://${file.source.getKey()}` } },
    layers: [
      shapes("earth", "--land"),
      shapes("water", "--sea"),
      lines("rivers", "water", [], token("--sea"), wide(0.6, 3)),
      { ...shapes("buildings", "--sunken"), minzoom: 12 },
      lines("paths", "roads", ["path", "other"], token("--line"), wide(0.3, 1.5), { minzoom: 13 }),
      lines("minor-roads", "roads", ["minor_road", "aeroway"], token("--line"), wide(0.5, 5), { minzoom: 11 }),
      lines("rail", "roads", ["rail"], token("--border"), wide(0.4, 1.5), { minzoom: 8, dash: [4, 2] }),
      lines("major-roads", "roads", ["major_road"], token("--border"), wide(0.5, 7)),
      lines("highways", "roads", ["highway"], token("--border"), wide(0.8, 9)),
      lines("regions", "boundaries", ["region", "county"], token("--border"), wide(0.5, 1.2), { dash: [4, 3] }),
      lines("countries", "boundaries", ["country"], token("--line-strong"), wide(0.8, 2)),
    ],
  };
}

/** What the file asks to be said of whom its data are, as plain text. */
export async function credit(): Promise<string> {
  const { attribution } = (await file.getMetadata()) as { attribution?: unknown };
  if (typeof attribution !== "string") return "";
  return new DOMParser().parseFromString(attribution, "text/html").body.textContent.trim();
}

/** A line's width, in pixels, from a country to a street. */
const wide = (far: number, near: number): ExpressionSpecification => ["interpolate", ["exponential", 1.5], ["zoom"], 6, far, 17, near];

interface Look {
  minzoom?: number;
  dash?: number[];
}

/** Lines of a layer, of some kinds or of all. */
function lines(id: string, layer: string, kinds: string[], color: string, width: ExpressionSpecification, { minzoom, dash }: Look = {}): LayerSpecification {
  const isLine: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
  return {
    id, type: "line", source: SOURCE, "source-layer": layer,
    filter: kinds.length ? ["all", isLine, ["in", ["get", "kind"], ["literal", kinds]]] : isLine,
    layout: { "line-cap": dash ? "butt" : "round", "line-join": "round" },
    paint: { "line-color": color, "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) },
    ...(minzoom === undefined ? {} : { minzoom }),
  };
}

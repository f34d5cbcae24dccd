/** A map that asks nobody else for anything: bundled outlines or the office's own tiles, discs as buttons, areas of ours. Loaded only where one is shown. */
import type { FeatureCollection } from "geojson";
import { Map as MapLibre, Marker, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Minus, Plus, Scan } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { onScheme } from "../design/scheme";
import { Button, IconButton, Notice } from "../design/ui";
import { useWords } from "../i18n/words";
import { boxOf } from "./geo";
import type { Box, Place } from "./geo";
import { outlines } from "./outlines";
import { styleOf, token } from "./style";
import "./map.css";

setWorkerUrl(workerUrl);

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
  dots?: Dot[];
  areas?: Area[];
  /** What is shown at first, and again on request; the first one is the main view. */
  views: { name: string; box: Box }[];
  onChoose?: (id: string) => void;
  low?: boolean;
  /** Whether the office has a background for maps. */
  tiles: boolean;
}

const NO_DOTS: Dot[] = [];
const NO_AREAS: Area[] = [];

export default function GeoMap({ label, dots = NO_DOTS, areas = NO_AREAS, views, onChoose, low = false, tiles }: MapProps) {
  const { m } = useWords();
  const title = `${m.wall.map}${m.common.colon} ${label}`;
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);
  const [credit, setCredit] = useState("");
  const first = useRef(views[0]?.box);

  useEffect(() => {
    if (!holder.current) return;
    const made = start(holder.current, title, first.current);
    if (!made) {
      setFailed(true);
      return;
    }
    setMap(made);
    return () => {
      setMap(null);
      made.remove();
    };
  }, [title]);

  // Figures change more often than places: the land is drawn anew only for the latter.
  const where = dots.map((dot) => `${dot.lon},${dot.lat}`).join(" ");
  useEffect(() => {
    if (!map) return;
    const ofDots = where.split(" ").map((pair): Place => [Number(pair.split(",")[0]), Number(pair.split(",")[1])]);
    const places = [...(where ? ofDots : []), ...areas.flatMap((area) => area.ring.slice(0, 1))];
    let left = false;
    const draw = () =>
      void Promise.all([outlines(places), tiles ? import("./background") : null]).then(([land, office]) => {
        if (left) return;
        map.setStyle(styleOf({ land, areas: areasOf(areas), background: office?.background(token) ?? null }), { diff: false });
        // A file that doesn't answer has nobody to name, and the outlines are there all the same.
        office?.credit().then(setCredit, () => setCredit(""));
      });
    draw();
    const stop = onScheme(draw);
    return () => {
      left = true;
      stop();
    };
  }, [map, where, areas, tiles]);

  useEffect(() => (map ? putDots(map, dots, onChoose) : undefined), [map, dots, onChoose]);

  const show = (box: Box | undefined) => box && map?.fitBounds(box, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  if (failed) return <Notice tone="warn">{m.case.mapFailed}</Notice>;
  return (
    <div className={`map ${low ? "low" : ""}`}>
      <div className="map-canvas" ref={holder} />
      <div className="map-tools">
        <IconButton small label={m.case.zoomIn} onClick={() => map?.zoomIn()}>
          <Plus size={16} aria-hidden />
        </IconButton>
        <IconButton small label={m.case.zoomOut} onClick={() => map?.zoomOut()}>
          <Minus size={16} aria-hidden />
        </IconButton>
        <IconButton small label={m.case.fit} onClick={() => show(views[0]?.box)}>
          <Scan size={16} aria-hidden />
        </IconButton>
      </div>
      {credit && <p className="map-credit">{credit}</p>}
      {views.length > 1 && (
        <div className="map-views">
          {views.slice(1).map((view) => (
            <Button key={view.name} small onClick={() => show(view.box)}>
              {view.name}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Null where the machine can't draw in three dimensions (no WebGL). */
function start(container: HTMLDivElement, label: string, box: Box | undefined): MapLibre | null {
  try {
    return new MapLibre({
      container,
      style: { version: 8, sources: {}, layers: [] },
      bounds: box ?? [-10, 36, 20, 60],
      attributionControl: false,
      scrollZoom: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 17,
      locale: { "Map.Title": label },
    });
  } catch {
    return null;
  }
}

function areasOf(areas: Area[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: areas.map(({ ring, kind, weight }) => ({ type: "Feature", properties: { kind, weight }, geometry: { type: "Polygon", coordinates: [ring] } })),
  };
}

/** Puts the discs on the map; gives what takes them off. */
function putDots(map: MapLibre, dots: Dot[], onChoose: ((id: string) => void) | undefined): () => void {
  const placed = [...dots].sort((a, b) => b.radius - a.radius).map((dot) => {
    const element = dotElement(dot, onChoose);
    return { dot, element, marker: new Marker({ element }).setLngLat([dot.lon, dot.lat]).addTo(map) };
  });
  const name = () => nameWhereRoom(map, placed);
  name();
  map.on("moveend", name);
  map.on("resize", name);
  return () => {
    map.off("moveend", name);
    map.off("resize", name);
    for (const { marker } of placed) marker.remove();
  };
}

function dotElement(dot: Dot, onChoose: ((id: string) => void) | undefined): HTMLElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `dot ${dot.silent ? "silent" : ""}`;
  element.style.setProperty("--reach", `${dot.radius}px`);
  const disc = document.createElement("i");
  disc.className = `heat-${dot.heat}`;
  disc.style.width = disc.style.height = `${dot.radius * 2}px`;
  const name = document.createElement("span");
  name.textContent = dot.name;
  element.append(disc, name);
  element.setAttribute("aria-label", `${dot.name}, ${dot.says}`);
  element.addEventListener("click", () => onChoose?.(dot.id));
  return element;
}

/** Names, the largest discs' first, where they cover neither a disc nor another name. */
function nameWhereRoom(map: MapLibre, placed: { dot: Dot; element: HTMLElement }[]): void {
  const at = placed.map(({ dot, element }) => {
    const { x, y } = map.project([dot.lon, dot.lat]);
    return { dot, element, x, y };
  });
  const taken = at.map(({ dot, x, y }) => ({ id: dot.id, left: x - dot.radius, right: x + dot.radius, y, half: dot.radius }));
  const { clientWidth } = map.getContainer();
  for (const { dot, element, x, y } of at) {
    const [left, right] = [x + dot.radius + 3, x + dot.radius + 12 + dot.name.length * 6.6];
    const free = right < clientWidth && taken.every((other) => other.id === dot.id || Math.abs(other.y - y) > other.half + 8 || left > other.right || right < other.left);
    element.classList.toggle("named", free);
    if (free) taken.push({ id: "", left, right, y, half: 9 });
  }
}

/** A box around areas. */
export function boxOfAreas(areas: Area[]): Box {
  return boxOf(areas.flatMap((area) => area.ring), 0.06);
}

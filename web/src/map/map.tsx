/** The map over the office's own tiles: it asks nobody else for anything. Loaded only where one is shown. */
import type { FeatureCollection } from "geojson";
import { Map as MapLibre, Marker, setWorkerUrl } from "maplibre-gl";
import type { StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { useEffect, useRef, useState } from "react";
import { onScheme } from "../design/scheme";
import { useWords } from "../i18n/words";
import { background, credit } from "./background";
import type { Box, Place } from "./geo";
import { outlines } from "./outlines";
import { bySize, named, NO_AREAS, NO_DOTS, placesOf } from "./parts";
import type { Area, Dot, MapProps } from "./parts";
import { styleOf, token } from "./style";
import { Tools } from "./tools";
import "./map.css";

setWorkerUrl(workerUrl);

/** `onFail` where this machine can't draw it (no WebGL). */
export default function GeoMap({ label, dots = NO_DOTS, areas = NO_AREAS, views, onChoose, low = false, onFail }: MapProps & { onFail: () => void }) {
  const { m } = useWords();
  const title = `${m.wall.map}${m.common.colon} ${label}`;
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [owner, setOwner] = useState("");
  const first = useRef(views[0]?.box);

  // Figures change more often than places: the land is drawn anew only for the latter. The map is made when its first look
  // is there, since each further one has it compiled anew.
  const made = useRef<MapLibre | null>(null);
  const where = JSON.stringify(placesOf(dots, areas));
  useEffect(() => {
    let left = false;
    const draw = () =>
      void outlines(JSON.parse(where) as Place[]).then((land) => {
        if (left || !holder.current) return;
        const style = styleOf({ land, areas: areasOf(areas), background: background(token) });
        if (made.current) made.current.setStyle(style, { diff: false });
        else made.current = start(holder.current, style, first.current);
        setMap(made.current);
        if (!made.current) onFail();
        // A file that doesn't answer has nobody to name, and the outlines are there all the same.
        credit().then(setOwner, () => setOwner(""));
      });
    draw();
    const stop = onScheme(draw);
    return () => {
      left = true;
      stop();
    };
  }, [where, areas, onFail]);

  useEffect(
    () => () => {
      made.current?.remove();
      made.current = null;
    },
    [],
  );

  useEffect(() => {
    map?.getCanvas().setAttribute("aria-label", title);
  }, [map, title]);

  useEffect(() => (map ? putDots(map, dots, onChoose) : undefined), [map, dots, onChoose]);

  const show = (box: Box | undefined) => box && map?.fitBounds(box, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  return (
    <div className={`map ${low ? "low" : ""}`}>
      <div className="map-canvas" ref={holder} />
      <Tools views={views} onZoom={(closer) => (closer ? map?.zoomIn() : map?.zoomOut())} onShow={show} />
      {owner && <p className="map-credit">{owner}</p>}
    </div>
  );
}

/** Null where the machine can't draw in three dimensions (no WebGL). */
function start(container: HTMLDivElement, style: StyleSpecification, box: Box | undefined): MapLibre | null {
  try {
    return new MapLibre({
      container,
      style,
      bounds: box ?? [-10, 36, 20, 60],
      attributionControl: false,
      scrollZoom: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 17,
      // Nothing fades in: each step of it would be drawn.
      fadeDuration: 0,
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
  const placed = bySize(dots).map((dot) => {
    const element = dotElement(dot, onChoose);
    return { dot, element, marker: new Marker({ element }).setLngLat([dot.lon, dot.lat]).addTo(map) };
  });
  const name = () => {
    const at = placed.map(({ dot }) => {
      const { x, y } = map.project([dot.lon, dot.lat]);
      return { dot, x, y };
    });
    const names = named(at, map.getContainer().clientWidth);
    for (const { dot, element } of placed) element.classList.toggle("named", names.has(dot.id));
  };
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

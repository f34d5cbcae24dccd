/** The map as a drawing: the outlines that are built in, areas and discs. It needs neither WebGL nor a file, and is there at once. */
import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent } from "react";
import { useWords } from "../i18n/words";
import { meet, mercator, unmercator } from "./geo";
import type { Box, Place } from "./geo";
import { lands } from "./outlines";
import type { Land } from "./outlines";
import { bySize, named, NO_AREAS, NO_DOTS, placesOf } from "./parts";
import type { Area, Dot, MapProps } from "./parts";
import { Tools } from "./tools";
import "./map.css";

/** The middle of what is shown on the earth's square, and pixels for its side. */
interface Look {
  x: number;
  y: number;
  scale: number;
}

interface Size {
  width: number;
  height: number;
}

/** A step of zoom, and how far it goes out and in from the first look. */
const STEP = 2;
const [OUT, IN] = [1 / 4, 64];
/** A step of an arrow key, in pixels. */
const ARROW = 60;

function fit([west, south, east, north]: Box, { width, height }: Size): Look {
  const [left, top] = mercator([west, north]);
  const [right, bottom] = mercator([east, south]);
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(width / (right - left), height / (bottom - top)) };
}

export function Sketch({ label, dots = NO_DOTS, areas = NO_AREAS, views, onChoose, low = false }: MapProps) {
  const { m } = useWords();
  const holder = useRef<HTMLDivElement>(null);
  const size = useSize(holder);
  const box = views[0]?.box.join(" ");
  const first = useMemo(() => (size && box ? fit(box.split(" ").map(Number) as Box, size) : null), [size, box]);
  const [moved, setMoved] = useState<Look | null>(null);
  const look = moved ?? first;
  const held = useRef<{ x: number; y: number } | null>(null);

  const move = (x: number, y: number) => look && setMoved({ ...look, x: look.x - x / look.scale, y: look.y - y / look.scale });
  const zoom = (by: number) => look && first && setMoved({ ...look, scale: Math.min(first.scale * IN, Math.max(first.scale * OUT, look.scale * by)) });
  const grab = (event: PointerEvent) => {
    held.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent) => {
    if (!held.current) return;
    move(event.clientX - held.current.x, event.clientY - held.current.y);
    held.current = { x: event.clientX, y: event.clientY };
  };
  const drop = () => (held.current = null);
  const steer = (event: KeyboardEvent) => {
    const steps: Record<string, () => unknown> = { ArrowLeft: () => move(ARROW, 0), ArrowRight: () => move(-ARROW, 0), ArrowUp: () => move(0, ARROW), ArrowDown: () => move(0, -ARROW), "+": () => zoom(STEP), "-": () => zoom(1 / STEP) };
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step();
  };

  return (
    <div className={`map ${low ? "low" : ""}`}>
      <div className="map-canvas" ref={holder}>
        {first && look && size && (
          <>
            <svg className="sketch" role="application" aria-label={`${m.wall.map}${m.common.colon} ${label}`} tabIndex={0} onKeyDown={steer} onPointerDown={grab} onPointerMove={drag} onPointerUp={drop} onPointerCancel={drop}>
              <g transform={`translate(${size.width / 2 + (first.x - look.x) * look.scale} ${size.height / 2 + (first.y - look.y) * look.scale}) scale(${look.scale / first.scale})`}>
                <Ground first={first} size={size} dots={dots} areas={areas} />
              </g>
            </svg>
            <Dots dots={dots} look={look} size={size} onChoose={onChoose} />
          </>
        )}
      </div>
      <Tools views={views} onZoom={(closer) => zoom(closer ? STEP : 1 / STEP)} onShow={(to) => (to === views[0]?.box ? setMoved(null) : size && setMoved(fit(to, size)))} />
    </div>
  );
}

/** How large it is, in pixels; null until it is laid out. */
function useSize(of: React.RefObject<HTMLDivElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (!of.current) return;
    const watch = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize(width && height ? { width, height } : null);
    });
    watch.observe(of.current);
    return () => watch.disconnect();
  }, [of]);
  return size;
}

/** Land and areas, in pixels from the middle of the first look; what moves is what it lies in. */
const Ground = memo(function Ground({ first, size, dots, areas }: { first: Look; size: Size; dots: Dot[]; areas: Area[] }) {
  const [land, setLand] = useState<Land[]>([]);
  // Figures change more often than places.
  const where = JSON.stringify(placesOf(dots, areas));
  useEffect(() => {
    let left = false;
    void lands(JSON.parse(where) as Place[]).then((all) => !left && setLand(all));
    return () => void (left = true);
  }, [where]);
  const shapes = useMemo(() => {
    const reach = { x: size.width / first.scale / OUT, y: size.height / first.scale / OUT };
    const [west, north] = unmercator(first.x - reach.x, Math.max(0, first.y - reach.y));
    const [east, south] = unmercator(first.x + reach.x, Math.min(1, first.y + reach.y));
    const near = ({ box }: { box: Box }) => meet(box, [west, south, east, north]);
    return land.map(({ rings, ours }) => ({ ours, path: rings.filter(near).map(({ ring }) => path(ring, first)).join("") })).filter((shape) => shape.path);
  }, [land, first, size]);
  return (
    <>
      {shapes.map(({ ours, path }) => <path key={path.slice(0, 40)} className={ours ? "land ours" : "land"} d={path} />)}
      {areas.map(({ ring, kind, weight }, index) => <path key={index} className={`area ${kind}`} d={path(ring, first)} fillOpacity={kind === "outline" ? 0.35 : 0.45 * weight} />)}
    </>
  );
});

function path(ring: readonly Place[], first: Look): string {
  const points = ring.map((place) => {
    const [x, y] = mercator(place);
    return `${((x - first.x) * first.scale).toFixed(1)} ${((y - first.y) * first.scale).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

function Dots({ dots, look, size, onChoose }: { dots: Dot[]; look: Look; size: Size; onChoose: ((id: string) => void) | undefined }) {
  const at = bySize(dots).map((dot) => {
    const [x, y] = mercator([dot.lon, dot.lat]);
    return { dot, x: size.width / 2 + (x - look.x) * look.scale, y: size.height / 2 + (y - look.y) * look.scale };
  });
  const names = named(at, size.width);
  const shown = at.filter(({ dot, x, y }) => x > -dot.radius && y > -dot.radius && x < size.width + dot.radius && y < size.height + dot.radius);
  return shown.map(({ dot, x, y }) => (
    <button
      key={dot.id}
      type="button"
      className={`dot ${dot.silent ? "silent" : ""} ${names.has(dot.id) ? "named" : ""}`}
      style={{ "--reach": `${dot.radius}px`, transform: `translate(${x - 14}px, ${y - 14}px)` } as React.CSSProperties}
      aria-label={`${dot.name}, ${dot.says}`}
      onClick={() => onChoose?.(dot.id)}
    >
      <i className={`heat-${dot.heat}`} style={{ width: dot.radius * 2, height: dot.radius * 2 }} />
      <span>{dot.name}</span>
    </button>
  ));
}

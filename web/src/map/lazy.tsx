import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useMe } from "../app/me";
import type { MapProps } from "./parts";
import { Sketch } from "./sketch";

const GeoMap = lazy(() => import("./map"));

/** A map is made ready before it comes into view, by so much. */
const AHEAD = "300px";

/** The map, drawn when it comes into view: on a narrow screen that is often never. Streets and shores come with the office's own tiles, where it has them. */
export function LazyMap(props: MapProps) {
  const { tiles } = useMe();
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [flat, setFlat] = useState(false);
  const fail = useCallback(() => setFlat(true), []);
  useEffect(() => {
    if (near || !place.current) return;
    const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && setNear(true), { rootMargin: AHEAD });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [near]);
  if (!near) return <div className={`map ${props.low ? "low" : ""}`} ref={place} />;
  const sketch = <Sketch {...props} />;
  if (!tiles || flat) return sketch;
  return (
    <Suspense fallback={sketch}>
      <GeoMap {...props} onFail={fail} />
    </Suspense>
  );
}

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useMe } from "../app/me";
import { Loading } from "../design/states";
import type { MapProps } from "./map";

const GeoMap = lazy(() => import("./map"));

/** A map is made ready before it comes into view, by so much. */
const AHEAD = "300px";

/** The map, fetched and drawn when it comes into view: on a narrow screen that is often never. */
export function LazyMap(props: Omit<MapProps, "tiles">) {
  const { tiles } = useMe();
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !place.current) return;
    const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && setNear(true), { rootMargin: AHEAD });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [near]);
  if (!near) return <div className="map-wait" ref={place} />;
  return (
    <Suspense fallback={<div className="map-wait"><Loading /></div>}>
      <GeoMap {...props} tiles={tiles} />
    </Suspense>
  );
}

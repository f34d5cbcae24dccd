import { lazy, Suspense } from "react";
import { Loading } from "../design/states";
import type { MapProps } from "./map";

const GeoMap = lazy(() => import("./map"));

/** The map, fetched when it is first shown. */
export function LazyMap(props: MapProps) {
  return (
    <Suspense fallback={<div className="map-wait"><Loading /></div>}>
      <GeoMap {...props} />
    </Suspense>
  );
}

import { lazy, Suspense } from "react";
import { useMe } from "../app/me";
import { Loading } from "../design/states";
import type { MapProps } from "./map";

const GeoMap = lazy(() => import("./map"));

/** The map, fetched when it is first shown. */
export function LazyMap(props: Omit<MapProps, "tiles">) {
  const { tiles } = useMe();
  return (
    <Suspense fallback={<div className="map-wait"><Loading /></div>}>
      <GeoMap {...props} tiles={tiles} />
    </Suspense>
  );
}

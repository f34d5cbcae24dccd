import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { FacilityDot } from "../../api/types";
import { heatOf } from "../../charts/heat";
import { useWords } from "../../i18n/words";
import { boxOf, groups } from "../../map/geo";
import type { Place } from "../../map/geo";
import { LazyMap } from "../../map/lazy";
import type { Dot } from "../../map/parts";

const SMALLEST = 4;
const LARGEST = 20;

/** The country: a disc for each facility, its area after the phones that are expected in it. */
export function Country({ dots }: { dots: FacilityDot[] }) {
  const { m, f } = useWords();
  const navigate = useNavigate();
  const views = useMemo(() => viewsOf(dots), [dots]);
  const discs = useMemo(() => {
    const largest = Math.max(0, ...dots.map((dot) => dot.expected));
    return dots.map((dot): Dot => ({
      id: dot.id, lon: dot.lon, lat: dot.lat, name: dot.name, says: m.case.expected(f.count(dot.expected)),
      radius: SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(largest ? dot.expected / largest : 0), heat: heatOf(dot.expected, largest),
    }));
  }, [dots, m, f]);
  const open = useCallback((facility: string) => void navigate({ to: "/facilities/$facility", params: { facility } }), [navigate]);
  return <LazyMap label={m.case.map} dots={discs} views={views} onChoose={open} />;
}

/** The main land first, then what lies overseas. */
export function viewsOf(dots: readonly { lon: number; lat: number; name: string }[]) {
  return groups(dots).map((group) => ({ name: group[0]?.name ?? "", box: boxOf(group.map((dot): Place => [dot.lon, dot.lat]), 0.1, 0.3) }));
}

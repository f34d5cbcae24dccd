import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { theCase } from "../api/queries";
import { useMay } from "./me";

/** A facility's name for its code; the code itself for those who don't see the case. */
export function useFacilityNames(): (facility: string) => string {
  const may = useMay();
  const { data } = useQuery({ ...theCase, enabled: may("case") });
  return useCallback((facility) => data?.facilities.find((dot) => dot.id === facility)?.name ?? facility, [data]);
}

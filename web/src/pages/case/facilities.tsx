import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { FacilityDot } from "../../api/types";
import { FacilityLink } from "../../app/facility-link";
import { useMay } from "../../app/me";
import { Share } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";

/** The same figures as the map, as a table. */
export function Facilities({ dots }: { dots: FacilityDot[] }) {
  const { m, f } = useWords();
  const navigate = useNavigate();
  const may = useMay();
  const columns = useMemo((): Column<FacilityDot>[] => {
    const names = m.case.columns;
    const largest = Math.max(1, ...dots.map((dot) => dot.expected));
    return [
      { id: "name", title: names.name, key: (dot) => dot.name, width: 20, show: (dot) => <FacilityLink facility={dot.id} tabIndex={-1} title={dot.name}>{dot.name}</FacilityLink> },
      { id: "expected", title: names.expected, key: (dot) => dot.expected, numeric: true, width: 9.5, show: (dot) => <Share value={dot.expected / largest} label={f.count(dot.expected)} /> },
      { id: "sure", title: names.sure, key: (dot) => dot.sure, numeric: true, width: 5, show: (dot) => <span title={m.case.sureHint}>{f.count(dot.sure)}</span> },
      { id: "cells", title: names.cells, key: (dot) => dot.cells, numeric: true, width: 6, rank: "low", show: (dot) => f.count(dot.cells) },
      { id: "planned", title: names.planned, key: (dot) => dot.planned, numeric: true, width: 6, rank: "mid", show: (dot) => f.count(dot.planned) },
      { id: "found", title: names.found, key: (dot) => dot.found, numeric: true, width: 6, rank: "low", show: (dot) => f.count(dot.found) },
    ];
  }, [dots, m, f]);
  return (
    <Table
      label={m.case.facilities}
      columns={columns}
      rows={dots}
      rowKey={(dot) => dot.id}
      first={{ column: "expected", descending: true }}
      tall
      {...(may("facility") ? { onOpen: (dot: FacilityDot) => void navigate({ to: "/facilities/$facility", params: { facility: dot.id } }) } : {})}
    />
  );
}

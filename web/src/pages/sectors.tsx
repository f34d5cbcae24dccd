/** Radio sectors as areas on a map and as a table: for a handset and for a facility. */
import { useMemo } from "react";
import type { Sector } from "../api/types";
import { Table } from "../design/table/table";
import type { Column } from "../design/table/table";
import { Badge } from "../design/ui";
import { useWords } from "../i18n/words";
import { wedge } from "../map/geo";
import type { Place } from "../map/geo";
import type { Area } from "../map/parts";

/** The heaviest sectors are filled most; the facility's outline lies on top. */
export function sectorAreas<S extends Sector>(sectors: readonly S[], weight: (sector: S) => number, outline: readonly Place[] | undefined): Area[] {
  const most = Math.max(0.001, ...sectors.map(weight));
  const areas = sectors.map((sector): Area => ({ ring: wedge(sector), kind: sector.inside ? "inside" : "outside", weight: weight(sector) / most }));
  return outline && outline.length > 2 ? [...areas, { ring: [...outline], kind: "outline", weight: 1 }] : areas;
}

export interface ShareColumn<S> {
  title: string;
  of: (sector: S) => number | null;
  show: (sector: S) => string;
}

export function SectorTable<S extends Sector>({ sectors, share }: { sectors: S[]; share: ShareColumn<S> }) {
  const { m } = useWords();
  const columns = useMemo(
    (): Column<S>[] => [
      { id: "id", title: m.handset.sectors, key: (sector) => sector.id, show: (sector) => <span className="mono small nowrap">{sector.id}</span> },
      { id: "operator", title: m.handset.sectorOperator, key: (sector) => sector.operator, show: (sector) => sector.operator },
      { id: "technology", title: m.handset.sectorTech, key: (sector) => sector.technology, rank: "mid", show: (sector) => sector.technology },
      { id: "inside", title: m.handset.sectorInside, key: (sector) => Number(sector.inside), show: (sector) => (sector.inside ? <Badge tone="good">{m.common.yes}</Badge> : <span className="soft">{m.common.no}</span>) },
      { id: "share", title: share.title, key: share.of, numeric: true, show: share.show },
    ],
    [m, share],
  );
  return <Table label={m.handset.sectors} columns={columns} rows={sectors} rowKey={(sector) => sector.id} first={{ column: "share", descending: true }} most={12} />;
}

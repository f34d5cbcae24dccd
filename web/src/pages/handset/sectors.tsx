import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { facility } from "../../api/queries";
import type { HandsetPage } from "../../api/types";
import { SectorTable, sectorAreas } from "../sectors";
import { Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { boxOf } from "../../map/geo";
import { LazyMap } from "../../map/lazy";

/** The sectors that served it, and the outline of the facility: whoever sees the handset sees where it is. */
export function Sectors({ page }: { page: HandsetPage }) {
  const { m, f } = useWords();
  const { data } = useQuery(facility(page.row.facility));
  const outline = data?.outline;
  const areas = useMemo(() => sectorAreas(page.sectors, (sector) => sector.share, outline), [page.sectors, outline]);
  const views = useMemo(() => [{ name: "", box: boxOf(areas.flatMap((area) => area.ring), 0.05) }], [areas]);
  if (!page.sectors.length) return null;
  return (
    <div className="columns">
      <Panel title={m.handset.sectors} hint={m.handset.sectorsHint} flush className="span-7">
        <LazyMap key={outline ? "outlined" : "bare"} label={m.handset.sectors} areas={areas} views={views} low />
      </Panel>
      <section className="panel span-5">
        <SectorTable sectors={page.sectors} share={{ title: m.handset.sectorShare, of: (sector) => sector.share, show: (sector) => f.percent(sector.share) }} />
      </section>
    </div>
  );
}

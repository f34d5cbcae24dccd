/** A facility: its cells by expected phones, what happened in it, the radio around it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { FileText, Smartphone } from "lucide-react";
import { useMemo, useState } from "react";
import { briefPath } from "../../api/client";
import { Paper } from "../../design/paper";
import { facility } from "../../api/queries";
import type { FacilityPage as Page, PrisonCell } from "../../api/types";
import { useMay } from "../../app/me";
import { Timeline } from "../../charts/timeline";
import { Ready } from "../../design/states";
import { Notice, PageHead, Panel, Stat } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { boxOf } from "../../map/geo";
import { LazyMap } from "../../map/lazy";
import { SectorTable, sectorAreas } from "../sectors";
import { CellFacts } from "./cell-facts";
import { CellsLegend, Wings } from "./wings";
import "./facility.css";

export function FacilityPage() {
  const { facility: id } = useParams({ from: "/facilities/$facility" });
  const query = useQuery(facility(id));
  return (
    <div className="page">
      <Ready query={query}>{(page) => <Shown key={page.dot.id} page={page} />}</Ready>
    </div>
  );
}

function Shown({ page }: { page: Page }) {
  const { m, f, lang } = useWords();
  const may = useMay();
  const { dot } = page;
  const [chosen, setChosen] = useState<PrisonCell | null>(null);
  return (
    <>
      <PageHead title={dot.name} lead={<><span className="mono">{dot.id}</span>{page.timezone && ` · ${m.facility.timezone(page.timezone)}`}</>}>
        {may("handsets") && (
          <Link to="/handsets" search={{ facility: dot.id }} className="button">
            <Smartphone size={16} aria-hidden /> {m.facility.handsetsLink}
          </Link>
        )}
        {may("brief") && dot.planned > 0 && (
          <Paper path={briefPath(dot.id, lang)}>
            <FileText size={16} aria-hidden /> {m.facility.brief}
          </Paper>
        )}
      </PageHead>
      <section className="panel">
        <dl className="body stats">
          <Stat name={m.case.columns.expected} value={f.count(dot.expected)} />
          <Stat name={m.case.columns.sure} value={f.count(dot.sure)} note={m.case.sureHint} />
          <Stat name={m.case.columns.held} value={f.count(dot.held)} />
          <Stat name={m.case.columns.cells} value={f.count(dot.cells)} />
          <Stat name={m.case.columns.planned} value={f.count(dot.planned)} />
          <Stat name={m.case.columns.found} value={f.count(dot.found)} />
        </dl>
      </section>
      <div className="columns">
        <Panel title={m.facility.cells} hint={m.facility.cellsHint} aside={<CellsLegend />} className="span-9">
          <Wings wings={page.wings} chosen={chosen?.cell ?? null} onChoose={setChosen} />
        </Panel>
        <div className="span-3 sticky">
          <CellFacts facility={dot.id} zone={page.timezone} cell={chosen} />
        </div>
      </div>
      <Panel title={m.facility.timeline}>
        <Timeline entries={page.timeline} zone={page.timezone} />
      </Panel>
      <Radio page={page} />
    </>
  );
}

function Radio({ page }: { page: Page }) {
  const { m, f } = useWords();
  const areas = useMemo(() => sectorAreas(page.sectors, (sector) => sector.survey_share ?? 0.1, page.outline), [page]);
  const views = useMemo(() => [{ name: "", box: boxOf(areas.length ? areas.flatMap((area) => area.ring) : [[page.dot.lon, page.dot.lat]], 0.05) }], [areas, page.dot]);
  return (
    <div className="columns">
      <Panel title={m.facility.sectors} hint={m.handset.sectorsHint} flush className="span-7">
        <LazyMap label={m.facility.sectors} areas={areas} views={views} low />
      </Panel>
      <div className="span-5 stack">
        <Notice tone={page.surveyed ? "good" : "warn"}>{page.surveyed ? m.facility.surveyed : m.facility.notSurveyed}</Notice>
        <section className="panel">
          <SectorTable
            sectors={page.sectors}
            share={{ title: m.facility.surveyShare, of: (sector) => sector.survey_share, show: (sector) => (sector.survey_share === null ? "–" : f.percent(sector.survey_share)) }}
          />
        </section>
      </div>
    </div>
  );
}

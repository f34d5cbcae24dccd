/** The command post on the morning: every site, team, cell and find; what needs a look comes first. */
import { useQuery } from "@tanstack/react-query";
import { Maximize, Megaphone, TriangleAlert } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useDayEvents } from "../../api/events";
import { wall } from "../../api/queries";
import type { Wall, WallSite } from "../../api/types";
import { useMay } from "../../app/me";
import { heatOf } from "../../charts/heat";
import { Empty, Ready } from "../../design/states";
import { Badge, IconButton, PageHead, Panel, Share, Stat } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { LazyMap } from "../../map/lazy";
import type { Dot } from "../../map/parts";
import { viewsOf } from "../case/country";
import { Command, OpenDay } from "./command";
import { Distress } from "./distress";
import { alike, byNeed, isSilent, totals } from "./sites";
import { SitePanel } from "./site";
import "./wall.css";

export function WallPage() {
  const { m } = useWords();
  // Live updates name what changed; the slow beat is for lines that lose them.
  const query = useQuery({ ...wall, refetchInterval: 20_000 });
  const may = useMay();
  const day = query.data?.day;
  useDayEvents(day != null && !day.closed);
  return (
    <div className="page wall-page">
      <Ready query={query}>
        {(found) =>
          found.day ? (
            <Shown found={found} day={found.day} />
          ) : (
            <>
              <PageHead title={m.wall.title} />
              <Empty text={`${m.wall.none} ${m.wall.noneHint}`}>{may("command") && <OpenDay />}</Empty>
            </>
          )
        }
      </Ready>
    </div>
  );
}

function Shown({ found, day }: { found: Wall; day: NonNullable<Wall["day"]> }) {
  const { m, f } = useWords();
  const may = useMay();
  const [chosen, setChosen] = useState<string | null>(null);
  const sites = useMemo(() => byNeed(found.sites), [found.sites]);
  const site = sites.find((each) => each.facility === chosen) ?? sites[0];
  return (
    <>
      <PageHead title={m.wall.title} lead={`${day.operation} · ${day.closed ? m.wall.closed(f.time(day.closed)) : m.wall.opened(f.time(day.opened))}`}>
        <IconButton label={m.wall.full} onClick={() => void document.documentElement.requestFullscreen()}>
          <Maximize size={17} aria-hidden />
        </IconButton>
      </PageHead>
      <Distress found={found} />
      <Totals found={found} />
      <div className="columns">
        <Panel title={m.wall.list} hint={m.wall.byNeed} flush className="span-4">
          <SiteList sites={sites} chosen={site?.facility ?? null} onChoose={setChosen} />
        </Panel>
        <div className="span-8 stack wide-gap">
          {site && <SitePanel site={site} />}
          {may("command") && <Command found={found} closed={day.closed !== null} />}
        </div>
      </div>
      <div className="columns">
        <Panel title={m.wall.map} flush className="span-5">
          <WallMap sites={found.sites} onChoose={setChosen} />
        </Panel>
        <Finds found={found} />
        <Said found={found} />
      </div>
    </>
  );
}

function Totals({ found }: { found: Wall }) {
  const { m, f } = useWords();
  const sum = totals(found.sites);
  return (
    <section className="panel">
      <dl className="body stats">
        <Stat name={m.wall.progress} value={f.percent(sum.cells ? sum.done / sum.cells : 0)} note={<Share value={sum.cells ? sum.done / sum.cells : 0} label="" />} />
        <Stat name={m.wall.cells} value={f.count(sum.done)} note={`/ ${f.count(sum.cells)} ${m.wall.done}`} />
        <Stat name={m.wall.found} value={f.count(sum.found)} note={`/ ${f.count(sum.expected)} ${m.wall.expected}`} />
        <Stat name={m.wall.sites} value={f.count(found.sites.length)} />
        <Stat name={m.wall.silentSites} value={<span className={sum.silent ? "alarm" : ""}>{f.count(sum.silent)}</span>} />
        <Stat name={m.wall.flags} value={<span className={found.flags.length ? "alarm" : ""}>{f.count(found.flags.length)}</span>} />
      </dl>
    </section>
  );
}

function SiteList({ sites, chosen, onChoose }: { sites: WallSite[]; chosen: string | null; onChoose: (facility: string) => void }) {
  const { m, f } = useWords();
  return (
    <ul className="plain sites">
      {sites.map((site) => (
        <li key={site.facility}>
          <button type="button" aria-pressed={site.facility === chosen} onClick={() => onChoose(site.facility)}>
            <span className="row spread">
              <strong>{site.name}</strong>
              {isSilent(site) ? <Badge tone="bad">{m.wall.silent(f.count(site.silent_minutes ?? 0))}</Badge> : <span className="small soft">{m.wall.found} {f.count(site.found)}</span>}
            </span>
            <Share value={site.cells ? site.done / site.cells : 0} label={`${f.count(site.done)}/${f.count(site.cells)}`} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function WallMap({ sites, onChoose }: { sites: WallSite[]; onChoose: (facility: string) => void }) {
  const { m, f } = useWords();
  const placed = useMemo(() => sites.flatMap(({ lat, lon, ...site }) => (lat == null || lon == null ? [] : [{ ...site, lat, lon }])), [sites]);
  const views = useMemo(() => viewsOf(placed), [placed]);
  const dots = useMemo(() => {
    const largest = Math.max(0, ...placed.map((site) => site.found));
    return placed.map((site): Dot => ({
      id: site.facility, lon: site.lon, lat: site.lat, name: site.name, says: `${m.wall.found} ${f.count(site.found)}`,
      radius: 6 + 12 * Math.sqrt(largest ? site.found / largest : 0), heat: heatOf(site.found, largest), silent: isSilent(site),
    }));
  }, [placed, m, f]);
  const choose = useCallback((facility: string) => onChoose(facility), [onChoose]);
  return <LazyMap label={m.wall.map} dots={dots} views={views} onChoose={choose} low />;
}

function Finds({ found }: { found: Wall }) {
  const { m, f } = useWords();
  const names = new Map(found.sites.map((site) => [site.facility, site.name]));
  const classes: Record<string, string> = m.handsets.classes;
  return (
    <Panel title={m.wall.finds} className="span-4 finds-panel">
      {found.finds.length === 0 && <p className="soft">{m.wall.findsNone}</p>}
      <div className="finds" role="group" aria-label={m.wall.finds} tabIndex={0}>
        <ol className="plain" aria-live="polite">
          {found.finds.slice(0, 12).map((find) => (
            <li key={find.item}>
              <time className="figure">{f.time(find.at)}</time>
              <div>
                <strong>{find.kind === "phone" ? (classes[find.class] ?? find.class) : m.wall.itemKinds[find.kind]}</strong> · {names.get(find.facility) ?? find.facility}, {find.cell}
                <div className="mono small soft">{find.item}</div>
              </div>
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

function Said({ found }: { found: Wall }) {
  const { m, f, pick } = useWords();
  return (
    <div className="span-3 stack wide-gap">
      <Panel title={m.wall.flags}>
        {found.flags.length === 0 && <p className="soft">{m.wall.flagsNone}</p>}
        <ul className="plain stack-tight">
          {alike(found.flags).map(({ flag, times }) => (
            <li key={flag.text.en} className="told warn">
              <TriangleAlert size={16} aria-hidden />
              <span>{pick(flag.text)} <time className="small soft">{f.time(flag.at)}</time> {times > 1 && <Badge>{m.wall.times(f.count(times))}</Badge>}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={m.wall.announcements}>
        {found.announcements.length === 0 && <p className="soft">{m.wall.announcementsNone}</p>}
        <ul className="plain stack-tight">
          {found.announcements.map((each) => (
            <li key={each.at} className="told">
              <Megaphone size={16} aria-hidden /> <span>{each.text} <time className="small soft">{f.time(each.at)}</time></span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

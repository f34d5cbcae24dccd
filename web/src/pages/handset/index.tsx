/** A handset: what says that it is inside, who may hold it, and what a person decided. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { handset } from "../../api/queries";
import type { HandsetPage as Page } from "../../api/types";
import { useMay } from "../../app/me";
import { ActivityChart } from "../../charts/activity-chart";
import { FacilityLink } from "../../app/facility-link";
import { Cards } from "../../charts/cards";
import { Users } from "../../charts/users";
import { Links } from "../../charts/links";
import { WaterfallChart } from "../../charts/waterfall-chart";
import { Ready } from "../../design/states";
import { Badge, PageHead, Panel, Share, Stat } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Decide } from "./decide";
import { Facts } from "./facts";
import { Holders } from "./holders";
import { Sectors } from "./sectors";
import "./handset.css";

export function HandsetPage() {
  const { m } = useWords();
  const { handset: id } = useParams({ from: "/handsets/$handset" });
  const { facility } = useSearch({ from: "/handsets/$handset" });
  const query = useQuery(handset(id, facility));
  return (
    <div className="page">
      <Link to="/handsets" search={{}} className="back small">
        <ArrowLeft size={15} aria-hidden /> {m.handset.back}
      </Link>
      <Ready query={query}>{(page) => <Shown page={page} />}</Ready>
    </div>
  );
}

function Shown({ page }: { page: Page }) {
  const { m, f, pick } = useWords();
  const may = useMay();
  const { row } = page;
  return (
    <>
      <PageHead
        title={<>{m.handset.title("")}<span className="mono">{row.handset}</span></>}
        lead={<FacilityLink facility={row.facility}>{row.facility_name}</FacilityLink>}
      >
        {row.decision && <Badge tone={row.decision === "confirm" ? "good" : "plain"}>{m.handset.done[row.decision]}</Badge>}
        {row.in_ledger && <Badge tone="accent">{m.handsets.ledger}</Badge>}
        {row.cloned && <Badge tone="warn">{m.handsets.cloned}</Badge>}
      </PageHead>
      <section className="panel">
        <dl className="body stats">
          <Stat name={m.handset.inside} value={f.percent(row.probability)} note={<Share value={row.probability} label="" />} />
          <Stat name={m.handset.lr} value={f.signed(row.log10_lr)} note={pick(page.verbal)} />
          <Stat name={m.handset.cell} value={row.cell ?? "–"} note={row.cell_probability === null ? m.common.unknown : f.percent(row.cell_probability)} />
          <Stat name={m.handset.days} value={f.count(row.days_present)} note={`${f.day(row.first_seen)} – ${f.date(row.last_seen)}`} />
        </dl>
      </section>
      <Panel title={m.handset.activity} hint={m.handset.activityHint}>
        {page.activity ? <ActivityChart activity={page.activity} /> : <p className="soft">{m.handset.activityNone}</p>}
      </Panel>
      <div className="columns">
        <Panel title={m.handset.findings} hint={m.handset.findingsHint} className="span-8">
          <dl className="propositions">
            <dt aria-hidden>1</dt>
            <dd>{pick(page.propositions.kept)}</dd>
            <dt aria-hidden>2</dt>
            <dd>{pick(page.propositions.elsewhere)}</dd>
          </dl>
          <WaterfallChart prior={page.prior_log10_odds} findings={page.findings} posterior={page.posterior_log10_odds} verbal={pick(page.verbal)} />
        </Panel>
        <div className="stack span-4 wide-gap">
          <Decide page={page} />
          <Panel title={m.handset.change}>
            <ul className="change">
              {page.would_change.map((text, index) => (
                <li key={index}>{pick(text)}</li>
              ))}
            </ul>
            {page.would_change.length === 0 && <p className="soft">{m.common.empty}</p>}
          </Panel>
          <Facts page={page} />
        </div>
      </div>
      <Panel title={m.handset.cards} hint={m.handset.cardsHint}>
        <Cards cards={page.cards} />
      </Panel>
      <Sectors page={page} />
      {may("holder") && (
        <Panel title={m.handset.users} hint={m.handset.usersHint}>
          <Users segments={page.segments} />
        </Panel>
      )}
      <div className="columns">
        <Panel title={m.handset.holders} hint={m.handset.holdersHint} className="span-6">
          {may("holder") ? <Holders holders={page.holders} /> : <p className="soft">{m.handset.holdersClosed}</p>}
        </Panel>
        <Panel title={m.handset.links} hint={m.handset.linksHint} className="span-6">
          <Links page={page} holders={may("holder")} />
        </Panel>
      </div>
    </>
  );
}

/** The case: how far it has come, where, and what waits for whoever looks. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, ShieldCheck } from "lucide-react";
import { lazy } from "react";
import { theCase } from "../../api/queries";
import type { Case } from "../../api/types";
import { useMay } from "../../app/me";
import { GivenLink } from "../../app/go";
import { Funnel } from "../../charts/funnel";
import { Later } from "../../design/later";
import { Empty, Ready } from "../../design/states";
import { Badge, PageHead, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Alerts } from "./alerts";
import "./case.css";

/** Below the first screen, and the larger part of the page's program. */
const Places = lazy(() => import("./places"));

export function CasePage() {
  const query = useQuery(theCase);
  return (
    <div className="page">
      <Ready query={query}>{(found) => <Shown found={found} />}</Ready>
    </div>
  );
}

function Shown({ found }: { found: Case }) {
  const { m, f } = useWords();
  const may = useMay();
  const lead = [
    found.window && m.case.lead(f.date(found.window.from), f.date(found.window.to)),
    found.at ? m.case.computed(f.dateTime(found.at)) : m.case.neverTraced,
  ].filter(Boolean);
  return (
    <>
      <PageHead title={found.title} lead={lead.join(" · ")}>
        <Badge tone={found.kind === "exercise" ? "accent" : "warn"}>{m.app[found.kind]}</Badge>
      </PageHead>
      <div className="columns case-top">
        <Panel title={m.case.funnel} hint={m.case.funnelHint} className="span-8 case-funnel">
          <Funnel steps={found.funnel} />
        </Panel>
        <div className="stack span-4">
          <Todos found={found} />
          {may("handsets") && <Alerts />}
          <Runs found={found} />
        </div>
      </div>
      {found.facilities.length ? (
        <Later>
          <Places dots={found.facilities} />
        </Later>
      ) : (
        <EmptyCase />
      )}
    </>
  );
}

function EmptyCase() {
  const { m } = useWords();
  const may = useMay();
  return <Empty text={m.case.empty}>{may("imports") && <Link to="/imports">{m.nav.imports}</Link>}</Empty>;
}

function Todos({ found: { todo } }: { found: Case }) {
  const { m, pick } = useWords();
  return (
    <Panel title={m.case.todo}>
      {todo.length === 0 && <p className="soft">{m.case.todoNone}</p>}
      <ul className="plain todo">
        {todo.map((item) => (
          <li key={item.kind + item.href} className={item.urgent ? "urgent" : ""}>
            <GivenLink href={item.href}>{pick(item.text)}</GivenLink>
            {item.urgent ? <Badge tone="warn">{m.case.urgent}</Badge> : <ArrowRight size={16} aria-hidden className="soft" />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Runs({ found: { runs, head } }: { found: Case }) {
  const { m, f } = useWords();
  return (
    <Panel title={m.case.runs}>
      <dl className="facts">
        {runs.map((run) => (
          <div key={run.id} className="contents">
            <dt>{m.case.runSteps[run.step] ?? run.step}</dt>
            <dd>
              <span title={m.case.version(run.version)}>{f.dateTime(run.at)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {runs.length === 0 && <p className="soft">{m.case.neverTraced}</p>}
      {head && (
        <p className="small soft seal" title={head.root}>
          <ShieldCheck size={16} aria-hidden /> {m.case.log(f.count(head.size))} <span className="mono">{head.root.slice(0, 12)}…</span>
        </p>
      )}
    </Panel>
  );
}

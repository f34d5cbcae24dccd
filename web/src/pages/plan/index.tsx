/** The plan: its limits, what they cost, what another one would bring, and who approved it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { makePlan, plan as planQuery, tryPlan } from "../../api/queries";
import type { Limits, Plan } from "../../api/types";
import { useMay } from "../../app/me";
import { Empty, Ready, saysOf } from "../../design/states";
import { Badge, Button, Dialog, Notice, PageHead, Panel, Stat } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Approve } from "./approve";
import { Curves } from "./curves";
import { KeptPlans } from "./kept";
import { BySite, Compare, Prices } from "./tables";
import { LimitsForm } from "./limits-form";
import "./plan.css";

/** As the server makes a first plan: what isn't set is no limit. */
const START: Limits = { cells: null, facilities: null, cells_each: null, teams: 0, hours: 0, waves: 0, raw: "" };

export function PlanPage() {
  const query = useQuery(planQuery);
  return (
    <div className="page">
      <Ready query={query}>{(plan) => <Shown plan={plan} />}</Ready>
    </div>
  );
}

function Shown({ plan }: { plan: Plan | null }) {
  const { m, f } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"approve" | "keep" | null>(null);
  const trial = useMutation({ mutationFn: tryPlan });
  const keep = useMutation({
    mutationFn: makePlan,
    onSuccess: (made) => {
      client.setQueryData(planQuery.queryKey, made);
      trial.reset();
      setAsking(null);
    },
  });
  const tried = trial.data ?? null;
  const drawn = plan ?? tried;
  const asked = trial.variables;
  return (
    <>
      <PageHead title={m.plan.title} lead={plan && <PlanState plan={plan} />}>
        {plan?.id && !plan.approved_by && may("planApprove") && (
          <Button kind="main" onClick={() => setAsking("approve")}>
            {m.plan.approve}
          </Button>
        )}
      </PageHead>
      <div className="columns">
        {may("planMake") && (
          <Panel title={m.plan.limits} hint={m.plan.limitsHint} className="span-3">
            <LimitsForm key={plan?.id ?? ""} limits={plan?.limits ?? START} busy={trial.isPending} onTry={(limits) => trial.mutate(limits)} error={trial.error} />
          </Panel>
        )}
        <div className={`stack wide-gap ${may("planMake") ? "span-9" : ""}`}>
          {plan ? <Standing plan={plan} /> : !tried && <Empty text={may("planMake") ? `${m.plan.none} ${m.plan.noneHint}` : m.plan.none} />}
          {tried && (
            <Panel title={plan ? m.plan.compare : m.plan.tried} aside={<Button kind="main" small onClick={() => setAsking("keep")}>{m.plan.keep}</Button>} flush>
              <Compare standing={plan} tried={tried} />
            </Panel>
          )}
          {drawn && <Curves plan={drawn} second={plan ? tried : null} frame={(title, drawing) => <Panel key={title} title={title} className="span-6">{drawing}</Panel>} />}
        </div>
      </div>
      {plan && (
        <div className="columns">
          <Panel title={m.plan.prices} hint={m.plan.pricesHint} className="span-5">
            <Prices plan={plan} />
          </Panel>
          <Panel title={m.plan.bySite} flush className="span-7">
            <BySite plan={plan} />
          </Panel>
        </div>
      )}
      {plan?.id && <KeptPlans />}
      {asking === "approve" && plan && <Approve plan={plan} onClose={() => setAsking(null)} />}
      {asking === "keep" && tried && (
        <Dialog title={m.plan.keepTitle} lead={plan ? m.plan.keepLead : undefined} onClose={() => setAsking(null)}>
          {keep.isError && <Notice tone="bad">{saysOf(keep.error, m.common)}</Notice>}
          <p>
            {m.plan.expected}{m.common.colon} <strong>{f.count(tried.expected)}</strong>
          </p>
          <div className="foot">
            <Button onClick={() => setAsking(null)}>{m.common.cancel}</Button>
            <Button kind="main" disabled={keep.isPending} onClick={() => asked && keep.mutate(asked)}>
              {m.plan.keep}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function PlanState({ plan }: { plan: Plan }) {
  const { m, f } = useWords();
  return (
    <span className="row">
      <span>
        {plan.id && <span className="mono">{plan.id}</span>} {plan.made_at && m.plan.made(f.dateTime(plan.made_at))} {plan.by && m.common.by(plan.by)}
      </span>
      {plan.approved_by ? <Badge tone="good">{m.plan.approved(plan.approved_by, plan.approved_at ? f.dateTime(plan.approved_at) : "–")}</Badge> : <Badge tone="warn">{m.plan.notApproved}</Badge>}
      {plan.approved_by && plan.released ? <Badge tone="accent">{m.plan.released}</Badge> : plan.release_at && <Badge>{m.plan.releaseAt(f.dateTime(plan.release_at))}</Badge>}
    </span>
  );
}

function Standing({ plan }: { plan: Plan }) {
  const { m, f } = useWords();
  const times = plan.random ? plan.expected / plan.random : null;
  return (
    <section className="panel">
      <dl className="body stats">
        <Stat name={m.plan.expected} value={f.count(plan.expected)} note={m.common.between(f.count(plan.low), f.count(plan.high))} />
        <Stat name={m.plan.cellsCount} value={f.count(plan.cells)} />
        <Stat name={m.plan.sites} value={f.count(plan.facilities)} />
        <Stat name={m.plan.bound} value={f.count(plan.bound)} note={m.plan.boundHint} />
        <Stat name={m.plan.gap} value={f.percent(plan.gap)} />
        <Stat name={m.plan.random} value={f.count(plan.random)} note={times === null ? m.plan.randomHint : m.plan.times(f.decimal(times))} />
        <Stat name={m.plan.toFind} value={f.count(plan.expected_found)} note={m.plan.toFindHint} />
      </dl>
    </section>
  );
}

/** What the commander does from the wall: opens and closes the day, speaks to those out there, lets phones in and out, hands exhibits over to the case. */
import { useMemo, useState } from "react";
import { say, openDay, takeIn } from "../../api/queries";
import type { Wall } from "../../api/types";
import { saysOf } from "../../design/states";
import { Paper } from "../../design/paper";
import { Button, Dialog, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { useAct } from "./act";
import { PlanAnew } from "./anew";
import { InvitePhone } from "./invite";
import { Phones } from "./phones";
import { Abort, Announce } from "./speak";

export function OpenDay() {
  const { m } = useWords();
  const open = useAct(openDay);
  return (
    <>
      {open.isError && <Notice tone="bad">{saysOf(open.error, m.common)}</Notice>}
      <Button kind="main" disabled={open.isPending} onClick={() => open.mutate(undefined)}>
        {m.wall.openDay}
      </Button>
    </>
  );
}

export function Command({ found, closed }: { found: Wall; closed: boolean }) {
  const { m, lang } = useWords();
  const names = useMemo(() => new Map(found.sites.map((site) => [site.facility, site.name])), [found.sites]);
  const [asking, setAsking] = useState<"phone" | "phones" | "abort" | "close" | "anew" | null>(null);
  return (
    <Panel title={m.wall.command} aside={<Paper path={`/day/report?lang=${lang}`}>{m.wall.report}</Paper>}>
      {closed ? (
        <TakeIn />
      ) : (
        <div className="stack">
          <Announce sites={found.sites} />
          {found.open_count > 0 && (
            <details>
              <summary className="small">{m.wall.stillOpen(found.open_count)}</summary>
              <Open found={found} />
            </details>
          )}
          <div className="row">
            <Button kind="danger" onClick={() => setAsking("abort")}>{m.wall.abort}</Button>
            <Button onClick={() => setAsking("phone")}>{m.wall.invite}</Button>
            <Button onClick={() => setAsking("phones")}>{m.wall.phones}</Button>
            <Button onClick={() => setAsking("anew")}>{m.wall.anew}</Button>
            <Button onClick={() => setAsking("close")}>{m.wall.close}</Button>
          </div>
        </div>
      )}
      {asking === "phone" && <InvitePhone sites={found.sites} onClose={() => setAsking(null)} />}
      {asking === "anew" && <PlanAnew names={names} onClose={() => setAsking(null)} />}
      {asking === "phones" && <Phones sites={found.sites} onClose={() => setAsking(null)} />}
      {asking === "abort" && <Abort sites={found.sites} onClose={() => setAsking(null)} />}
      {asking === "close" && <Close found={found} onClose={() => setAsking(null)} />}
    </Panel>
  );
}

/** What stands in the way of closing, as the day's protocol knows it. */
function Open({ found: { open, open_count: count } }: { found: Wall }) {
  const { m, pick } = useWords();
  return (
    <ul className="plain stack-tight small open-ends" aria-label={m.wall.stillOpen(count)} tabIndex={0}>
      {open.map((end) => <li key={end.text.en}>{pick(end.text)}{end.team && ` (${m.wall.team(end.team)})`}</li>)}
      {count > open.length && <li className="soft">{m.wall.openMore(count - open.length)}</li>}
    </ul>
  );
}

function Close({ found, onClose }: { found: Wall; onClose: () => void }) {
  const { m } = useWords();
  const close = useAct(() => say({ kind: "closed" }), onClose);
  const left = found.open_count;
  return (
    <Dialog title={m.wall.closeTitle} lead={m.wall.closeLead} onClose={onClose}>
      {close.isError && <Notice tone="bad">{saysOf(close.error, m.common)}</Notice>}
      <Notice tone={left ? "warn" : "good"}>{left ? `${m.wall.stillOpen(left)} ${m.wall.closeDecide}` : m.wall.openNone}</Notice>
      {left > 0 && <Open found={found} />}
      <div className="foot">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button kind="danger" disabled={close.isPending} onClick={() => close.mutate(undefined)}>
          {left ? m.wall.closeAnyway : m.wall.close}
        </Button>
      </div>
    </Dialog>
  );
}

function TakeIn() {
  const { m, f } = useWords();
  const take = useAct(takeIn);
  return (
    <div className="stack">
      <p className="soft">{m.wall.takeInLead}</p>
      {take.isError && <Notice tone="bad">{saysOf(take.error, m.common)}</Notice>}
      {take.data && <Notice tone={take.data.breaks || take.data.contradicting ? "warn" : "good"}>{m.wall.takenIn(f.count(take.data.new), f.count(take.data.known), f.count(take.data.breaks))}</Notice>}
      <div>
        <Button kind="main" disabled={take.isPending} onClick={() => take.mutate(undefined)}>
          {m.wall.takeIn}
        </Button>
      </div>
    </div>
  );
}

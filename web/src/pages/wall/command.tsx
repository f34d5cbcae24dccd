/** What the commander does from the wall: opens and closes the day, speaks to all, lets phones in, hands exhibits over to the case. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { SyntheticEvent } from "react";
import { say, openDay, takeIn, wall } from "../../api/queries";
import type { Wall } from "../../api/types";
import { saysOf } from "../../design/states";
import { Paper } from "../../design/paper";
import { Button, Dialog, Field, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { PlanAnew } from "./anew";
import { InvitePhone } from "./invite";

/** Runs something that changes the day, and reads the wall again. */
function useAct<V, R>(act: (value: V) => Promise<R>, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: wall.queryKey });
      onDone?.();
    },
  });
}

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
  const [asking, setAsking] = useState<"phone" | "close" | "anew" | null>(null);
  return (
    <Panel title={m.wall.command} aside={<Paper path={`/day/report?lang=${lang}`}>{m.wall.report}</Paper>}>
      {closed ? (
        <TakeIn />
      ) : (
        <div className="stack">
          <Announce />
          <div className="row">
            <Button onClick={() => setAsking("phone")}>{m.wall.invite}</Button>
            <Button onClick={() => setAsking("anew")}>{m.wall.anew}</Button>
            <Button onClick={() => setAsking("close")}>{m.wall.close}</Button>
          </div>
        </div>
      )}
      {asking === "phone" && <InvitePhone sites={found.sites} onClose={() => setAsking(null)} />}
      {asking === "anew" && <PlanAnew names={names} onClose={() => setAsking(null)} />}
      {asking === "close" && <Close onClose={() => setAsking(null)} />}
    </Panel>
  );
}

function Announce() {
  const { m } = useWords();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const send = useAct(
    (words: string) => say({ kind: "announced", to: "all", text: words }),
    () => {
      setText("");
      setTried(false);
    },
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (text.trim()) send.mutate(text.trim());
  };
  return (
    <form className="stack-tight" onSubmit={submit} noValidate>
      {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      <Field label={m.wall.announce} help={m.wall.announceHint} wrong={tried && !text.trim() ? m.common.required : undefined}>
        {(tie) => <input {...tie} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <div>
        <Button kind="main" type="submit" disabled={send.isPending}>
          {m.wall.send}
        </Button>
      </div>
    </form>
  );
}

function Close({ onClose }: { onClose: () => void }) {
  const { m } = useWords();
  const close = useAct(() => say({ kind: "closed" }), onClose);
  return (
    <Dialog title={m.wall.closeTitle} lead={m.wall.closeLead} onClose={onClose}>
      {close.isError && <Notice tone="bad">{saysOf(close.error, m.common)}</Notice>}
      <div className="foot">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button kind="danger" disabled={close.isPending} onClick={() => close.mutate(undefined)}>
          {m.wall.close}
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

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import { review } from "../../api/queries";
import type { Decision, HandsetPage } from "../../api/types";
import { useMay } from "../../app/me";
import { saysOf } from "../../design/states";
import { Badge, Button, Field, Notice, Panel, Segments } from "../../design/ui";
import { useWords } from "../../i18n/words";

const tones = { confirm: "good", reject: "bad", comment: "plain" } as const;

export function Decide({ page }: { page: HandsetPage }) {
  const { m, f } = useWords();
  const may = useMay();
  return (
    <Panel title={m.handset.decide} hint={m.handset.decideHint}>
      <div className="stack">
        {page.reviews.length === 0 && <p className="soft">{m.handset.reviewsNone}</p>}
        <ol className="plain stack-tight">
          {page.reviews.map((each) => (
            <li key={each.at + each.by} className="review">
              <Badge tone={tones[each.decision]}>{m.handset.done[each.decision]}</Badge>
              <span className="small soft">
                {each.by}, {f.dateTime(each.at)}
              </span>
              <p>{each.reason}</p>
            </li>
          ))}
        </ol>
        {may("review") && <Form page={page} />}
      </div>
    </Panel>
  );
}

function Form({ page: { row } }: { page: HandsetPage }) {
  const { m } = useWords();
  const client = useQueryClient();
  const [decision, setDecision] = useState<Decision>("comment");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: () => review(row.handset, row.facility, { decision, reason }),
    onSuccess: () => {
      setReason("");
      setTried(false);
      return Promise.all([["handset", row.handset], ["handsets"], ["case"]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (reason.trim()) send.mutate();
  };
  const fromServer = send.error instanceof ApiError ? send.error.field("reason") : undefined;
  const wrong = tried && !reason.trim() ? m.common.required : fromServer;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <Segments label={m.handset.decide} value={decision} onChange={setDecision} options={[["confirm", m.handset.confirm], ["reject", m.handset.reject], ["comment", m.handset.comment]]} />
      <Field label={m.handset.reason} help={m.handset.reasonHint} wrong={wrong}>
        {(tie) => <textarea {...tie} required value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      {send.isError && !fromServer && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      {send.isSuccess && !reason && <Notice tone="good">{m.handset.saved}</Notice>}
      <Button kind={decision === "reject" ? "danger" : "main"} type="submit" disabled={send.isPending}>
        {m.handset[decision]}
      </Button>
    </form>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import { approvePlan, plan as planQuery } from "../../api/queries";
import type { Plan } from "../../api/types";
import { saysOf } from "../../design/states";
import { Button, Dialog, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";

/** Approval names the plan that was read: if another one stands by now, the server refuses and this says so. */
export function Approve({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { m, f } = useWords();
  const client = useQueryClient();
  const [readIt, setReadIt] = useState(false);
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: () => approvePlan(plan.id ?? ""),
    onSuccess: (approved) => {
      client.setQueryData(planQuery.queryKey, approved);
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.is("stale")) void client.invalidateQueries({ queryKey: planQuery.queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (readIt) send.mutate();
  };
  const stale = send.error instanceof ApiError && send.error.is("stale");
  return (
    <Dialog title={m.plan.approveTitle} lead={m.plan.approveLead(f.count(plan.cells), f.count(plan.facilities))} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {send.isError && <Notice tone="bad">{stale ? m.plan.stale : saysOf(send.error, m.common)}</Notice>}
        <dl className="facts">
          <dt>{m.plan.expected}</dt>
          <dd>
            {f.count(plan.expected)} <span className="soft">({m.common.between(f.count(plan.low), f.count(plan.high))})</span>
          </dd>
          {plan.limits.teams > 0 && (
            <>
              <dt>{m.plan.teams}</dt>
              <dd>{f.count(plan.limits.teams)}</dd>
              <dt>{m.plan.hours}</dt>
              <dd>{f.decimal(plan.limits.hours)}</dd>
            </>
          )}
        </dl>
        <label className="check">
          <input type="checkbox" checked={readIt} onChange={(event) => setReadIt(event.target.checked)} aria-invalid={tried && !readIt} />
          {m.plan.approveConfirm}
        </label>
        {tried && !readIt && <p className="wrong-note">{m.common.required}</p>}
        <div className="foot">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button kind="main" type="submit" disabled={send.isPending}>
            {m.plan.approve}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

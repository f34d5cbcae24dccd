/** An authenticator app as the second factor. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { beginTotp, finishTotp, removeTotp, totp } from "../../api/queries";
import { Qr } from "../../design/qr";
import { saysOf } from "../../design/states";
import { Badge, Button, Dialog, Field, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

interface Setup {
  ticket: string;
  url: string;
  secret: string;
}

export function Totp() {
  const { m } = useWords();
  const client = useQueryClient();
  const { data: state } = useQuery(totp);
  const changed = () => client.invalidateQueries({ queryKey: totp.queryKey });
  const begin = useMutation({ mutationFn: beginTotp });
  const finish = useMutation({ meta: { proves: true }, mutationFn: finishTotp, onSuccess: changed });
  const remove = useMutation({ mutationFn: removeTotp, onSuccess: changed });
  const [dropping, setDropping] = useState(false);
  const error = finish.error ?? begin.error;
  const start = () => {
    remove.reset();
    finish.reset();
    begin.mutate();
  };
  return (
    <Panel title={m.account.second} hint={m.account.secondLead}>
      <div className="stack">
        {state && <State set={state.set} left={state.codes_left} />}
        {error && <Notice tone="bad">{saysOf(error, m.common)}</Notice>}
        {remove.isSuccess && <Notice tone="good">{m.account.dropped}</Notice>}
        {finish.data ? (
          <Codes codes={finish.data.codes} />
        ) : begin.data ? (
          <SetUp setup={begin.data} busy={finish.isPending} onCode={(code) => finish.mutate({ ticket: begin.data.ticket, code })} />
        ) : (
          <div className="row">
            <Button onClick={start} disabled={begin.isPending}>
              {state?.set ? m.account.begin2 : m.account.begin}
            </Button>
            {state?.set && (
              <Button kind="quiet" onClick={() => setDropping(true)}>
                {m.account.drop}
              </Button>
            )}
          </div>
        )}
      </div>
      {dropping && (
        <Dialog title={m.account.drop} lead={m.account.dropLead} onClose={() => setDropping(false)}>
          {remove.isError && <Notice tone="bad">{saysOf(remove.error, m.common)}</Notice>}
          <div className="foot">
            <Button onClick={() => setDropping(false)}>{m.common.cancel}</Button>
            <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: () => setDropping(false) })}>
              {m.account.drop}
            </Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}

/** Whether there is an app, and how many recovery codes are left for the day it is lost. */
function State({ set, left }: { set: boolean; left: number }) {
  const { m } = useWords();
  return (
    <p className="row">
      <Badge tone={set ? "good" : "warn"}>{set ? m.account.appSet : m.account.appNone}</Badge>
      {(set || left > 0) && <Badge tone={left > 2 ? "plain" : "warn"}>{m.account.codesLeft(left)}</Badge>}
    </p>
  );
}

function SetUp({ setup, busy, onCode }: { setup: Setup; busy: boolean; onCode: (code: string) => void }) {
  const { m } = useWords();
  const [code, setCode] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onCode(code);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p>{m.account.scan}{m.common.colon}</p>
      <div className="qr">
        <Qr text={setup.url} label={m.account.scan} ecc="M" />
      </div>
      <p>
        {m.account.secret}{m.common.colon} <strong className="mono">{setup.secret.replace(/(.{4})(?=.)/g, "$1 ")}</strong>
      </p>
      <a href={setup.url}>{m.account.openApp}</a>
      <Field label={m.signIn.code} help={m.signIn.codeHint}>
        {(tie) => <input {...tie} inputMode="numeric" autoComplete="one-time-code" required value={code} onChange={(event) => setCode(event.target.value)} />}
      </Field>
      <Button kind="main" type="submit" disabled={busy}>
        {m.account.check}
      </Button>
    </form>
  );
}

function Codes({ codes }: { codes: string[] }) {
  const { m } = useWords();
  return (
    <Notice tone="good">
      <strong>{m.account.codes}</strong>
      <p>{m.account.codesLead}</p>
      <ul className="plain mono">
        {codes.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </Notice>
  );
}

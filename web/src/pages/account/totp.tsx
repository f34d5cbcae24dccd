/** An authenticator app as the second factor. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { beginTotp, finishTotp } from "../../api/queries";
import { saysOf } from "../../design/states";
import { Button, Field, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

export function Totp() {
  const { m } = useWords();
  const begin = useMutation({ mutationFn: beginTotp });
  const finish = useMutation({ mutationFn: finishTotp });
  const [code, setCode] = useState("");
  const setup = begin.data;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (setup) finish.mutate({ ticket: setup.ticket, code });
  };
  const error = finish.error ?? begin.error;
  return (
    <Panel title={m.account.second} hint={m.account.secondLead}>
      <div className="stack">
        {error && <Notice tone="bad">{saysOf(error, m.common)}</Notice>}
        {finish.data ? (
          <Notice tone="good">
            <strong>{m.account.codes}</strong>
            <p>{m.account.codesLead}</p>
            <ul className="plain mono">{finish.data.codes.map((each) => <li key={each}>{each}</li>)}</ul>
          </Notice>
        ) : setup ? (
          <form className="stack" onSubmit={submit}>
            <p>
              {m.account.secret} : <strong className="mono">{setup.secret.replace(/(.{4})(?=.)/g, "$1 ")}</strong>
            </p>
            <a href={setup.url}>{m.account.openApp}</a>
            <Field label={m.signIn.code} help={m.signIn.codeHint}>
              {(tie) => <input {...tie} inputMode="numeric" autoComplete="one-time-code" required value={code} onChange={(event) => setCode(event.target.value)} />}
            </Field>
            <Button kind="main" type="submit" disabled={finish.isPending}>
              {m.account.check}
            </Button>
          </form>
        ) : (
          <div>
            <Button onClick={() => begin.mutate()} disabled={begin.isPending}>
              {m.account.begin}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

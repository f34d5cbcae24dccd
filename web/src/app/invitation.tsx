/** Setting one's first password by an invitation. Its token stands behind the address's #, which no server sees. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../api/client";
import { acceptInvitation } from "../api/queries";
import { saysOf } from "../design/states";
import { Button, Field, Notice } from "../design/ui";
import { useWords } from "../i18n/words";
import { Brand } from "./brand";
import { LangChoice } from "./choices";
import "./sign-in.css";

export function Invitation() {
  const { m } = useWords();
  const [token, setToken] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  const send = useMutation({ mutationFn: acceptInvitation, onSuccess: () => location.replace("/") });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    send.mutate({ token: token.trim(), password });
  };
  const told = (name: string) => (send.error instanceof ApiError ? send.error.field(name) : undefined);
  return (
    <div className="sign-in">
      <main>
        <Brand />
        <h1>{m.signIn.invited}</h1>
        <p className="soft">{m.signIn.invitedLead}</p>
        <form className="stack" onSubmit={submit}>
          {send.isError && !told("password") && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
          <Field label={m.signIn.token}>
            {(tie) => <input {...tie} required autoComplete="off" value={token} onChange={(event) => setToken(event.target.value)} />}
          </Field>
          <Field label={m.signIn.password} wrong={told("password")}>
            {(tie) => <input {...tie} type="password" autoComplete="new-password" required value={password} onChange={(event) => setPassword(event.target.value)} />}
          </Field>
          <Button kind="main" type="submit" disabled={send.isPending}>
            {m.signIn.choose}
          </Button>
        </form>
        <LangChoice />
      </main>
    </div>
  );
}

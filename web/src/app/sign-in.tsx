import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Building2, KeyRound } from "lucide-react";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError, holdCsrf, organisationUrl } from "../api/client";
import { PasskeyLeft, passkeysWork, signInByPasskey } from "../api/passkeys";
import { me, proveAgain, signIn, signInOptions } from "../api/queries";
import { saysOf } from "../design/states";
import { Button, Field, Notice } from "../design/ui";
import { useWords } from "../i18n/words";
import type { Words } from "../i18n/words";
import { Brand } from "./brand";
import { LangChoice } from "./choices";
import "./sign-in.css";

export function SignIn() {
  const { m } = useWords();
  return (
    <div className="sign-in">
      <main>
        <Brand />
        <h1>{m.signIn.title}</h1>
        <p className="soft">{m.signIn.lead}</p>
        <NotByOrganisation />
        <SignInForm />
        <ByOrganisation />
        <LangChoice />
      </main>
    </div>
  );
}

/** The organisation's own sign-in, where one signs people in here. */
function ByOrganisation() {
  const { m } = useWords();
  const { data } = useQuery(signInOptions);
  if (!data?.organisation) return null;
  return (
    <a className="button" href={organisationUrl}>
      <Building2 size={16} aria-hidden /> {m.signIn.organisation(data.organisation.name)}
    </a>
  );
}

/** Why the organisation's sign-in came to nothing: the server sent the browser back with a word. */
function NotByOrganisation() {
  const { m } = useWords();
  const [why] = useState(() => new URLSearchParams(location.search).get("organisation"));
  if (why === null) return null;
  return <Notice tone="bad">{m.signIn.organisationFailed[why] ?? m.signIn.organisationFailed.mistake}</Notice>;
}

/** Name, password and, when the server asks for it, the code. Also shown when an act needs a fresh proof. */
export function SignInForm({ again }: { again?: () => void }) {
  const words = useWords();
  const { m } = words;
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [withCode, setWithCode] = useState(false);
  const opened = ({ csrf }: { csrf: string }) => {
    holdCsrf(csrf);
    if (again) again();
    else void client.query({ ...me, staleTime: 0 });
  };
  const byPasskey = useMutation({ meta: { proves: true }, mutationFn: signInByPasskey, onSuccess: opened });
  const send = useMutation({
    meta: { proves: true },
    mutationFn: (given: { name: string; password: string; code?: string }) => {
      const { name: who, ...proof } = given;
      return again ? proveAgain(proof) : signIn({ name: who, ...proof });
    },
    onSuccess: opened,
    onError: (error) => {
      if (error instanceof ApiError && error.is("code-needed")) setWithCode(true);
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    byPasskey.reset();
    send.mutate({ name, password, ...(withCode ? { code } : {}) });
  };
  const refusal = send.isError ? refusalOf(send.error, withCode && code !== "", words) : byPasskey.isError ? passkeyRefusal(byPasskey.error, words) : null;

  return (
    <form onSubmit={submit} className="stack">
      {refusal && <Notice tone="bad">{refusal}</Notice>}
      {!again && (
        <Field label={m.signIn.name}>
          {(tie) => <input {...tie} autoComplete="username" autoCapitalize="none" required autoFocus value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <Field label={m.signIn.password}>
        {(tie) => <input {...tie} type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />}
      </Field>
      {withCode && (
        <Field label={m.signIn.code} help={m.signIn.codeHint}>
          {(tie) => <input {...tie} inputMode="numeric" autoComplete="one-time-code" autoFocus required value={code} onChange={(event) => setCode(event.target.value)} />}
        </Field>
      )}
      <Button kind="main" type="submit" disabled={send.isPending}>
        {m.signIn.send}
      </Button>
      {passkeysWork() && (
        <Button
          disabled={byPasskey.isPending}
          onClick={() => {
            send.reset();
            byPasskey.mutate();
          }}
        >
          <KeyRound size={16} aria-hidden /> {m.signIn.passkey}
        </Button>
      )}
    </form>
  );
}

function passkeyRefusal(error: unknown, { m }: Words): string {
  if (error instanceof PasskeyLeft) return m.account.passkeyLeft;
  if (error instanceof ApiError && error.status === 401) return m.signIn.passkeyRefused;
  return saysOf(error, m.common);
}

function refusalOf(error: unknown, codeGiven: boolean, { m }: Words): string | null {
  if (!(error instanceof ApiError)) return m.common.noData;
  if (error.is("code-needed")) return codeGiven ? m.signIn.codeRefused : null;
  if (error.status === 401) return m.signIn.refused;
  if (error.status === 429) return m.signIn.tooMany;
  return saysOf(error, m.common);
}

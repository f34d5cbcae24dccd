/** What the server may ask for in the middle of a call: the reason of a consultation, or a fresh proof of who one is. */
import { useEffect, useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError, setAskers } from "../api/client";
import { Button, Dialog, Field } from "../design/ui";
import { useWords } from "../i18n/words";
import { SignInForm } from "./sign-in";

interface Asking {
  kind: "reason" | "sign-in";
  done: (answer: string) => void;
  refuse: (error: ApiError) => void;
}

const LEAST = 4;

export function Askers() {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { m } = useWords();
  useEffect(() => {
    const ask = (kind: Asking["kind"]) =>
      new Promise<string>((done, refuse) => setAsking({ kind, done, refuse })).finally(() => setAsking(null));
    setAskers(
      () => ask("reason"),
      async () => {
        await ask("sign-in");
      },
    );
    return () => setAskers(null, null);
  }, []);
  if (!asking) return null;
  const close = () => asking.refuse(new ApiError({ type: `/problems/${asking.kind === "reason" ? "reason-needed" : "sign-in-again"}`, title: "", status: asking.kind === "reason" ? 428 : 403 }));
  if (asking.kind === "sign-in") {
    return (
      <Dialog title={m.signIn.again} lead={m.signIn.againLead} onClose={close}>
        <SignInForm again={() => asking.done("")} />
      </Dialog>
    );
  }
  return <ReasonDialog onClose={close} onReason={asking.done} />;
}

export function ReasonDialog({ onClose, onReason, now = "" }: { onClose: () => void; onReason: (reason: string) => void; now?: string }) {
  const { m } = useWords();
  const [reason, setReason] = useState(now);
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < LEAST;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short) onReason(reason.trim());
  };
  return (
    <Dialog title={m.reason.title} lead={m.reason.lead} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <Field label={m.reason.label} wrong={tried && short ? m.reason.tooShort : undefined}>
          {(tie) => <input {...tie} autoFocus placeholder={m.reason.placeholder} value={reason} onChange={(event) => setReason(event.target.value)} maxLength={400} />}
        </Field>
        <div className="foot">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button kind="main" type="submit">
            {m.reason.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

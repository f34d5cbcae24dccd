/** Passkeys: made by a device, unlocked by its owner, and bound to this office. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { PasskeyLeft, addPasskey, passkeysWork } from "../../api/passkeys";
import { passkeys, removePasskey } from "../../api/queries";
import type { Passkey } from "../../api/types";
import { Ready, saysOf } from "../../design/states";
import { Button, Dialog, Field, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

export function Passkeys() {
  const { m } = useWords();
  const query = useQuery(passkeys);
  const [leaving, setLeaving] = useState<Passkey | null>(null);
  return (
    <Panel title={m.account.passkeys} hint={m.account.passkeysLead}>
      <div className="stack">
        <Ready query={query}>{(all) => <List all={all} onRemove={setLeaving} />}</Ready>
        {passkeysWork() ? <Add /> : <p className="small soft">{m.account.passkeysNot}</p>}
      </div>
      {leaving && <Remove passkey={leaving} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

function List({ all, onRemove }: { all: Passkey[]; onRemove: (passkey: Passkey) => void }) {
  const { m, f } = useWords();
  if (!all.length) return <p className="soft">{m.account.passkeysNone}</p>;
  return (
    <ul className="plain stack-tight">
      {all.map((passkey) => (
        <li key={passkey.id} className="row spread">
          <span>
            <strong>{passkey.label}</strong>
            <p className="small soft">
              {m.account.added} {f.dateTime(passkey.added)} · {passkey.used ? `${m.account.used} ${f.dateTime(passkey.used)}` : m.account.unused}
            </p>
          </span>
          <Button small onClick={() => onRemove(passkey)} aria-label={m.account.removeOf(passkey.label)}>
            {m.account.remove}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Add() {
  const { m } = useWords();
  const client = useQueryClient();
  const [label, setLabel] = useState("");
  const [tried, setTried] = useState(false);
  const add = useMutation({
    mutationFn: addPasskey,
    onSuccess: () => {
      setLabel("");
      setTried(false);
      return client.invalidateQueries({ queryKey: passkeys.queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (label.trim()) add.mutate(label.trim());
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {add.isError && <Notice tone="bad">{add.error instanceof PasskeyLeft ? m.account.passkeyLeft : saysOf(add.error, m.common)}</Notice>}
      {add.isSuccess && <Notice tone="good">{m.account.passkeyAdded}</Notice>}
      <Field label={m.account.passkeyName} help={m.account.passkeyNameHint} wrong={tried && !label.trim() ? m.common.required : undefined}>
        {(tie) => <input {...tie} maxLength={100} value={label} onChange={(event) => setLabel(event.target.value)} />}
      </Field>
      <div>
        <Button type="submit" disabled={add.isPending}>
          {m.account.passkeyAdd}
        </Button>
      </div>
    </form>
  );
}

function Remove({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removePasskey(passkey.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: passkeys.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={m.account.removeOf(passkey.label)} lead={m.account.removeLead} onClose={onClose}>
      {remove.isError && <Notice tone="bad">{saysOf(remove.error, m.common)}</Notice>}
      <div className="foot">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {m.account.remove}
        </Button>
      </div>
    </Dialog>
  );
}

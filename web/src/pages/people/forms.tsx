import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import { addPerson, changePerson, people } from "../../api/queries";
import type { Account, Role } from "../../api/types";
import { saysOf } from "../../design/states";
import { Button, Dialog, Field, IconButton, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { clearanceNames, roleNames } from "../roles";

function useSave<V>(send: (value: V) => Promise<unknown>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: people.queryKey });
      onDone();
    },
  });
}

const told = (error: unknown, name: string) => (error instanceof ApiError ? error.field(name) : undefined);
const general = (error: unknown) => error !== null && !(error instanceof ApiError && error.problem.fields?.length);

export function AddPerson({ onClose }: { onClose: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [signIn, setSignIn] = useState("");
  const [number, setNumber] = useState("");
  const [roles, setRoles] = useState<Role[]>([{ role: "investigator" }]);
  const [tried, setTried] = useState(false);
  const save = useMutation({ mutationFn: addPerson, onSuccess: () => client.invalidateQueries({ queryKey: people.queryKey }) });
  const missing = (value: string) => (tried && !value.trim() ? m.common.required : undefined);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() && signIn.trim()) save.mutate({ name: name.trim(), sign_in: signIn.trim(), service_number: number.trim() || null, roles, clearances: [] });
  };
  if (save.data) return <Invitation token={save.data.invitation} onClose={onClose} />;
  return (
    <Dialog title={m.people.add} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {general(save.error) && <Notice tone="bad">{saysOf(save.error, m.common)}</Notice>}
        <Field label={m.people.name} wrong={missing(name) ?? told(save.error, "name")}>
          {(tie) => <input {...tie} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={m.people.signIn} wrong={missing(signIn) ?? told(save.error, "sign_in")}>
          {(tie) => <input {...tie} autoComplete="off" autoCapitalize="none" value={signIn} onChange={(event) => setSignIn(event.target.value)} />}
        </Field>
        <Field label={m.people.number} wrong={told(save.error, "service_number")}>
          {(tie) => <input {...tie} autoComplete="off" value={number} onChange={(event) => setNumber(event.target.value)} />}
        </Field>
        <RolesField roles={roles} onChange={setRoles} wrong={told(save.error, "roles")} />
        <Foot onClose={onClose} busy={save.isPending} />
      </form>
    </Dialog>
  );
}

/** The link with which somebody sets their first password; shown once. */
function Invitation({ token, onClose }: { token: string; onClose: () => void }) {
  const { m } = useWords();
  const [copied, setCopied] = useState(false);
  const link = `${location.origin}/invitation#${token}`;
  return (
    <Dialog title={m.people.invitation} lead={m.people.invitationLead} onClose={onClose}>
      <p className="mono small">{link}</p>
      <div className="foot">
        <Button onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}>{copied ? m.people.copied : m.people.copy}</Button>
        <Button kind="main" onClick={onClose}>
          {m.people.done}
        </Button>
      </div>
    </Dialog>
  );
}

export function EditPerson({ person, onClose }: { person: Account; onClose: () => void }) {
  const { m } = useWords();
  const [roles, setRoles] = useState(person.roles);
  const [clearances, setClearances] = useState(person.clearances);
  const save = useSave(() => changePerson(person.id, { roles, clearances }), onClose);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Dialog title={m.people.editTitle(person.name)} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {save.isError && <Notice tone="bad">{saysOf(save.error, m.common)}</Notice>}
        <RolesField roles={roles} onChange={setRoles} />
        <fieldset>
          <legend className="legend-title">{m.people.clearances}</legend>
          <div className="row">
            {clearanceNames.map((name) => (
              <label key={name} className="check">
                <input type="checkbox" checked={clearances.includes(name)} onChange={(event) => setClearances(event.target.checked ? [...clearances, name] : clearances.filter((each) => each !== name))} />
                {m.people.clearanceNames[name]}
              </label>
            ))}
          </div>
        </fieldset>
        <Foot onClose={onClose} busy={save.isPending} />
      </form>
    </Dialog>
  );
}

function RolesField({ roles, onChange, wrong }: { roles: Role[]; onChange: (roles: Role[]) => void; wrong?: string | undefined }) {
  const { m } = useWords();
  const set = (at: number, more: Partial<Role>) => onChange(roles.map((role, index) => (index === at ? { ...role, ...more } : role)));
  return (
    <fieldset className="stack-tight">
      <legend className="legend-title">{m.people.roles}</legend>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {roles.map((role, index) => (
        <div key={index} className="role-row">
          <Field label={m.people.roles}>
            {(tie) => (
              <select {...tie} value={role.role} onChange={(event) => set(index, { role: event.target.value })}>
                {roleNames.map((name) => <option key={name} value={name}>{m.people.roleNames[name]}</option>)}
              </select>
            )}
          </Field>
          <Field label={m.people.facility}>
            {(tie) => <input {...tie} value={role.facility ?? ""} onChange={(event) => set(index, { facility: event.target.value || null })} />}
          </Field>
          <Field label={m.people.team}>
            {(tie) => <input {...tie} value={role.team ?? ""} onChange={(event) => set(index, { team: event.target.value || null })} />}
          </Field>
          <IconButton kind="quiet" label={m.people.removeRole} onClick={() => onChange(roles.filter((_, other) => other !== index))}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button small onClick={() => onChange([...roles, { role: "investigator" }])}>
          <Plus size={14} aria-hidden /> {m.people.addRole}
        </Button>
      </div>
    </fieldset>
  );
}

function Foot({ onClose, busy }: { onClose: () => void; busy: boolean }) {
  const { m } = useWords();
  return (
    <div className="foot">
      <Button onClick={onClose}>{m.common.cancel}</Button>
      <Button kind="main" type="submit" disabled={busy}>
        {m.common.save}
      </Button>
    </div>
  );
}

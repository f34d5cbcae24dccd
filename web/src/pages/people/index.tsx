/** Who may come in, with which roles. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { changePerson, endPersonSessions, people } from "../../api/queries";
import type { Account } from "../../api/types";
import { useMay } from "../../app/me";
import { Empty, Ready, saysOf } from "../../design/states";
import { Badge, Button, Dialog, Notice, PageHead } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Clearances, Roles } from "../roles";
import { AddPerson, EditPerson } from "./forms";
import "./people.css";

type Open = { kind: "add" } | { kind: "edit" | "disable"; person: Account };

export function PeoplePage() {
  const { m } = useWords();
  const may = useMay();
  const query = useQuery(people);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <div className="page">
      <PageHead title={m.people.title}>
        {may("peopleManage") && (
          <Button kind="main" onClick={() => setOpen({ kind: "add" })}>
            <UserPlus size={16} aria-hidden /> {m.people.add}
          </Button>
        )}
      </PageHead>
      <Ready query={query}>
        {({ people: all }) =>
          all.length ? (
            <ul className="plain people">
              {all.map((person) => (
                <Row key={person.id} person={person} onOpen={setOpen} />
              ))}
            </ul>
          ) : (
            <Empty text={m.people.none} />
          )
        }
      </Ready>
      {open?.kind === "add" && <AddPerson onClose={close} />}
      {open?.kind === "edit" && <EditPerson person={open.person} onClose={close} />}
      {open?.kind === "disable" && <Disable person={open.person} onClose={close} />}
    </div>
  );
}

function Row({ person, onOpen }: { person: Account; onOpen: (open: Open) => void }) {
  const { m } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: people.queryKey });
  const enable = useMutation({ mutationFn: () => changePerson(person.id, { disabled: false }), onSuccess: again });
  const end = useMutation({ mutationFn: () => endPersonSessions(person.id) });
  const state = person.disabled ? "disabled" : "active";
  return (
    <li className="panel person">
      <div className="grow">
        <p className="row">
          <strong>{person.name}</strong> <span className="mono small soft">{[person.sign_in, person.service_number].filter(Boolean).join(" · ")}</span>
          <Badge tone={state === "active" ? "good" : "plain"}>{m.people[state]}</Badge>
        </p>
        <Roles roles={person.roles} />
        <p className="small soft">
          {m.people.clearances}{m.common.colon} <Clearances clearances={person.clearances} />
        </p>
        {end.isSuccess && <p className="small soft" role="status">{m.people.sessionsClosed}</p>}
        {(enable.isError || end.isError) && <Notice tone="bad">{saysOf(enable.error ?? end.error, m.common)}</Notice>}
      </div>
      {may("peopleManage") && (
        <div className="row">
          <Button small onClick={() => onOpen({ kind: "edit", person })}>{m.people.edit}</Button>
          <Button small onClick={() => end.mutate()} disabled={end.isPending}>{m.people.endSessions}</Button>
          {person.disabled ? <Button small onClick={() => enable.mutate()}>{m.people.enable}</Button> : <Button small onClick={() => onOpen({ kind: "disable", person })}>{m.people.disable}</Button>}
        </div>
      )}
    </li>
  );
}

function Disable({ person, onClose }: { person: Account; onClose: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => changePerson(person.id, { disabled: true }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: people.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={m.people.disableTitle(person.name)} lead={m.people.disableLead} onClose={onClose}>
      {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      <div className="foot">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button kind="danger" onClick={() => send.mutate()} disabled={send.isPending}>
          {m.people.disable}
        </Button>
      </div>
    </Dialog>
  );
}

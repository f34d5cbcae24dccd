/** The day's phones: which were heard when, which still owe entries; a lost one is revoked, a dead one's file is taken over. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { SyntheticEvent } from "react";
import { dayReport, rescue, say, wall } from "../../api/queries";
import type { DayPhone, Post, WallSite } from "../../api/types";
import { Ready, saysOf } from "../../design/states";
import { Badge, Button, Dialog, Field, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { isPhone, owed } from "./sites";
import "../../design/table/table.css";

/** Says where a phone is used. */
export function usePost(sites: WallSite[]): (post: Post | null) => string {
  const { m } = useWords();
  const names = new Map(sites.map((site) => [site.facility, site.name]));
  return (post) => {
    if (post === null || post === "command") return m.wall.noPost;
    return "team" in post ? m.wall.team(post.team) : `${m.wall.desk}, ${names.get(post.desk) ?? post.desk}`;
  };
}

export function Phones({ sites, onClose }: { sites: WallSite[]; onClose: () => void }) {
  const { m, lang } = useWords();
  const query = useQuery(dayReport(lang));
  return (
    <Dialog title={m.wall.phones} lead={m.wall.phonesLead} wide onClose={onClose}>
      <div className="stack">
        <Ready query={query}>{({ report }) => <List phones={Object.entries(report.devices).filter(([, { post }]) => isPhone(post))} sites={sites} />}</Ready>
        <Rescue />
        <div className="foot">
          <Button onClick={onClose}>{m.people.done}</Button>
        </div>
      </div>
    </Dialog>
  );
}

interface Chosen {
  device: string;
  act: "revoke" | "lose";
}

function List({ phones, sites }: { phones: [string, DayPhone][]; sites: WallSite[] }) {
  const { m, f } = useWords();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const postOf = usePost(sites);
  if (!phones.length) return <p className="soft">{m.wall.phonesNone}</p>;
  return (
    <>
      <div className="table-frame phones" role="group" aria-label={m.wall.phones} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{m.wall.post}</th>
              <th scope="col">{m.wall.phone}</th>
              <th scope="col">{m.wall.heard}</th>
              <th scope="col">{m.wall.state}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {phones.map(([device, phone]) => (
              <tr key={device}>
                <th scope="row">{postOf(phone.post)}</th>
                <td className="mono small" title={device}>{device.slice(0, 9)}</td>
                <td>{phone.heard ? f.time(phone.heard) : m.wall.neverHeard}</td>
                <td><State phone={phone} /></td>
                <td>
                  <span className="row">
                    {!phone.revoked && <Button small onClick={() => setChosen({ device, act: "revoke" })}>{m.wall.revoke}</Button>}
                    {!phone.lost && <Button small onClick={() => setChosen({ device, act: "lose" })}>{m.wall.lose}</Button>}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen && <Gone key={`${chosen.device} ${chosen.act}`} chosen={chosen} onDone={() => setChosen(null)} />}
    </>
  );
}

function State({ phone }: { phone: DayPhone }) {
  const { m } = useWords();
  const owes = owed(phone);
  return (
    <span className="row">
      {phone.revoked && <Badge tone="bad">{m.wall.revoked}</Badge>}
      {phone.lost && <Badge tone="bad">{m.wall.lost}</Badge>}
      {phone.complete && <Badge tone="good">{m.wall.ended}</Badge>}
      {owes > 0 && <Badge tone="warn">{m.wall.unsent(owes)}</Badge>}
    </span>
  );
}

/** What follows is said before it is done: neither is taken back. */
function Gone({ chosen: { device, act }, onDone }: { chosen: Chosen; onDone: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: (words: string) => say(act === "revoke" ? { kind: "revoked", device, why: words } : { kind: "lost", device }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: wall.queryKey });
      onDone();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (act === "lose" || why.trim()) send.mutate(why.trim());
  };
  return (
    <form className="stack" onSubmit={submit} noValidate aria-label={`${m.wall[act]} ${device.slice(0, 9)}`}>
      <p>
        <strong className="mono">{device.slice(0, 9)}</strong>{m.common.colon} {act === "revoke" ? m.wall.revokeLead : m.wall.loseLead}
      </p>
      {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      {act === "revoke" && (
        <Field label={m.wall.anewWhy} wrong={tried && !why.trim() ? m.common.required : undefined}>
          {(tie) => <input {...tie} autoFocus maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} />}
        </Field>
      )}
      <div className="foot">
        <Button onClick={onDone}>{m.common.cancel}</Button>
        <Button kind="danger" type="submit" disabled={send.isPending}>
          {m.wall[act]}
        </Button>
      </div>
    </form>
  );
}

/** The file that a dead phone's page wrote. */
function Rescue() {
  const { m } = useWords();
  const client = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const send = useMutation({ mutationFn: rescue, onSuccess: () => client.invalidateQueries({ queryKey: wall.queryKey }) });
  return (
    <section className="stack-tight">
      <h3>{m.wall.rescue}</h3>
      <p className="small soft">{m.wall.rescueLead}</p>
      {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      {send.data && <Notice tone={send.data.whole ? "good" : "warn"}>{send.data.whole ? m.wall.rescued : m.wall.rescuedInPart}</Notice>}
      <div>
        <Button disabled={send.isPending} onClick={() => picker.current?.click()}>{m.wall.rescueChoose}</Button>
        <input
          ref={picker} type="file" accept=".cellsweep-rescue" hidden aria-label={m.wall.rescue}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) send.mutate(file);
          }}
        />
      </div>
    </section>
  );
}

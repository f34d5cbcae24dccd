/** Lets an officer's phone into the day: a code that holds once, to be scanned with that phone. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import { dayReport, invitePhone } from "../../api/queries";
import type { WallSite } from "../../api/types";
import { Qr } from "../../design/qr";
import { saysOf } from "../../design/states";
import { Button, Dialog, Field, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { usePost } from "./phones";

export function InvitePhone({ sites, onClose }: { sites: WallSite[]; onClose: () => void }) {
  const { m, f, lang } = useWords();
  const phones = useQuery(dayReport(lang));
  const postOf = usePost(sites);
  const [at, setAt] = useState(sites[0]?.facility ?? "");
  const [team, setTeam] = useState("");
  const [officer, setOfficer] = useState("");
  const [replaces, setReplaces] = useState("");
  const [tried, setTried] = useState(false);
  const send = useMutation({ mutationFn: invitePhone });
  const site = sites.find((each) => each.facility === at);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (officer.trim()) send.mutate({ post: team ? { team } : { desk: at }, officer: officer.trim(), ...(replaces ? { replaces } : {}) });
  };
  if (send.data) {
    return (
      <Dialog title={m.wall.invited} lead={m.wall.invitedLead(f.time(send.data.expires))} onClose={onClose}>
        <div className="qr">
          <Qr text={send.data.url} label={m.wall.invited} ecc="M" />
        </div>
        <p className="mono small breaks">{send.data.url}</p>
        <div className="foot">
          <Button kind="main" onClick={onClose}>
            {m.people.done}
          </Button>
        </div>
      </Dialog>
    );
  }
  const gone = Object.entries(phones.data?.report.devices ?? {}).filter(([, phone]) => phone.revoked ?? phone.lost);
  const told = send.error instanceof ApiError ? send.error.field("officer") : undefined;
  return (
    <Dialog title={m.wall.invite} lead={m.wall.inviteLead} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {send.isError && !told && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
        <Field label={m.wall.site}>
          {(tie) => (
            <select
              {...tie}
              value={at}
              onChange={(event) => {
                setAt(event.target.value);
                setTeam("");
              }}
            >
              {sites.map((each) => (
                <option key={each.facility} value={each.facility}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={m.wall.post}>
          {(tie) => (
            <select {...tie} value={team} onChange={(event) => setTeam(event.target.value)}>
              <option value="">{m.wall.desk}</option>
              {site?.teams.map((each) => (
                <option key={each.team} value={each.team}>
                  {m.wall.team(each.team)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={m.wall.officer} wrong={tried && !officer.trim() ? m.common.required : told}>
          {(tie) => <input {...tie} autoComplete="off" maxLength={60} value={officer} onChange={(event) => setOfficer(event.target.value)} />}
        </Field>
        {gone.length > 0 && (
          <Field label={m.wall.replaces}>
            {(tie) => (
              <select {...tie} value={replaces} onChange={(event) => setReplaces(event.target.value)}>
                <option value="">{m.common.none}</option>
                {gone.map(([device, phone]) => (
                  <option key={device} value={device}>
                    {postOf(phone.post)}, {device.slice(0, 9)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <div className="foot">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button kind="main" type="submit" disabled={send.isPending}>
            {m.wall.invite}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

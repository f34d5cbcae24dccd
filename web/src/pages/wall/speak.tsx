/** Command's words to all, a site or a team: announcements, and the order to stop. */
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { say } from "../../api/queries";
import type { Audience, WallSite } from "../../api/types";
import { saysOf } from "../../design/states";
import { Button, Dialog, Field, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { useAct } from "./act";
import { audienceOf } from "./sites";

/** Whom it concerns: all, a site, one of its teams. */
function Whom({ sites, value, onChoose }: { sites: WallSite[]; value: string; onChoose: (value: string) => void }) {
  const { m } = useWords();
  return (
    <Field label={m.wall.whom}>
      {(tie) => (
        <select {...tie} value={value} onChange={(event) => onChoose(event.target.value)}>
          <option value="">{m.wall.everybody}</option>
          {sites.map((site) => (
            <optgroup key={site.facility} label={site.name}>
              <option value={`site ${site.facility}`}>{m.wall.wholeSite(site.name)}</option>
              {site.teams.map(({ team }) => (
                <option key={team} value={`team ${team}`}>
                  {m.wall.team(team)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Announce({ sites }: { sites: WallSite[] }) {
  const { m } = useWords();
  const [whom, setWhom] = useState("");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const send = useAct(
    ({ to, words }: { to: Audience; words: string }) => say({ kind: "announced", to, text: words }),
    () => {
      setText("");
      setTried(false);
    },
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (text.trim()) send.mutate({ to: audienceOf(whom), words: text.trim() });
  };
  return (
    <form className="stack-tight" onSubmit={submit} noValidate>
      {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
      <div className="two">
        <Field label={m.wall.announce} help={m.wall.announceHint} wrong={tried && !text.trim() ? m.common.required : undefined}>
          {(tie) => <input {...tie} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />}
        </Field>
        <Whom sites={sites} value={whom} onChoose={setWhom} />
      </div>
      <div>
        <Button kind="main" type="submit" disabled={send.isPending}>
          {m.wall.send}
        </Button>
      </div>
    </form>
  );
}

export function Abort({ sites, onClose }: { sites: WallSite[]; onClose: () => void }) {
  const { m } = useWords();
  const [whom, setWhom] = useState("");
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const send = useAct(({ scope, words }: { scope: Audience; words: string }) => say({ kind: "aborted", scope, why: words }), onClose);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (why.trim()) send.mutate({ scope: audienceOf(whom), words: why.trim() });
  };
  return (
    <Dialog title={m.wall.abortTitle} lead={m.wall.abortLead} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {send.isError && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
        <Whom sites={sites} value={whom} onChoose={setWhom} />
        <Field label={m.wall.anewWhy} help={m.wall.abortWhyHint} wrong={tried && !why.trim() ? m.common.required : undefined}>
          {(tie) => <input {...tie} maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} />}
        </Field>
        <div className="foot">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button kind="danger" type="submit" disabled={send.isPending}>
            {m.wall.abort}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One's own roles and sessions. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endSession, sessions } from "../../api/queries";
import { useMe } from "../../app/me";
import { Ready, saysOf } from "../../design/states";
import { Badge, Button, Notice, PageHead, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Clearances, Roles } from "../roles";
import { agentName } from "./agent";
import { Passkeys } from "./passkeys";
import { Totp } from "./totp";

export function AccountPage() {
  const { m } = useWords();
  const { person } = useMe();
  return (
    <div className="page">
      <PageHead title={m.account.title} lead={[person.name, person.service_number].filter(Boolean).join(" · ")} />
      <div className="columns">
        <div className="span-5 stack">
        <Panel title={m.account.roles}>
          <div className="stack">
            <Roles roles={person.roles} />
            <dl className="facts">
              <dt>{m.account.clearances}</dt>
              <dd>
                <Clearances clearances={person.clearances} />
              </dd>
            </dl>
          </div>
        </Panel>
        <Totp />
        <Passkeys />
        </div>
        <Panel title={m.account.sessions} className="span-7">
          <Sessions />
        </Panel>
      </div>
    </div>
  );
}

function Sessions() {
  const { m, f } = useWords();
  const client = useQueryClient();
  const query = useQuery(sessions);
  const end = useMutation({ mutationFn: endSession, onSuccess: () => client.invalidateQueries({ queryKey: sessions.queryKey }) });
  return (
    <Ready query={query}>
      {(all) => (
        <ul className="plain stack">
          {end.isError && <Notice tone="bad">{saysOf(end.error, m.common)}</Notice>}
          {all.map((session) => (
            <li key={session.id} className="row spread">
              <span>
                <strong title={session.agent}>{agentName(session.agent)}</strong>
                <p className="small soft">
                  {m.account.created} {f.dateTime(session.created)} · {m.account.seen} {f.dateTime(session.last_seen)}
                </p>
              </span>
              {session.current ? (
                <Badge tone="good">{m.account.current}</Badge>
              ) : (
                <Button small onClick={() => end.mutate(session.id)} disabled={end.isPending}>
                  {m.account.end}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Ready>
  );
}

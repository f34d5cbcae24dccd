/** What the server runs with. It is changed in the server's settings file, not here. */
import { useQuery } from "@tanstack/react-query";
import { settings } from "../../api/queries";
import { LangChoice, SchemeChoice } from "../../app/choices";
import { Ready } from "../../design/states";
import { Badge, PageHead, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

export function SettingsPage() {
  const { m, f } = useWords();
  const query = useQuery(settings);
  const onOff = (on: boolean) => <Badge tone={on ? "good" : "plain"}>{on ? m.settings.on : m.settings.off}</Badge>;
  return (
    <div className="page">
      <PageHead title={m.settings.title} />
      <div className="columns">
        <Panel title={m.nav.office} hint={m.settings.hint} className="span-8">
          <Ready query={query}>
            {(found) => (
              <dl className="facts">
                <dt>{m.settings.version}</dt>
                <dd>{found.version}</dd>
                <dt>{m.settings.folder}</dt>
                <dd className="mono">{found.case_dir_name}</dd>
                <dt>{m.settings.tls}</dt>
                <dd>{onOff(found.tls)}</dd>
                <dt>{m.settings.oidc}</dt>
                <dd>{onOff(found.oidc)}</dd>
                <dt>{m.settings.memory}</dt>
                <dd>{f.bytes(found.memory_bytes)}</dd>
                <dt>{m.settings.threads}</dt>
                <dd>{f.count(found.threads)}</dd>
              </dl>
            )}
          </Ready>
        </Panel>
        <Panel title={m.settings.display} className="span-4">
          <div className="stack">
            <SchemeChoice />
            <LangChoice />
          </div>
        </Panel>
      </div>
    </div>
  );
}

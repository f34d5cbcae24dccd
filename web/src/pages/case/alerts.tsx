/** What was raised: each alert unfolds to its reasons and how it can be wrong. */
import { useQuery } from "@tanstack/react-query";
import { alerts } from "../../api/queries";
import type { Alert } from "../../api/types";
import { GivenLink } from "../../app/go";
import { Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";

/** Alerts on the page; the command lists them all. */
const SHOWN = 12;

export function Alerts() {
  const { m } = useWords();
  const { data } = useQuery(alerts);
  if (!data?.rows.length) return null;
  return (
    <Panel title={m.case.alerts} hint={m.case.alertsHint}>
      <ul className="plain alerts">
        {data.rows.slice(0, SHOWN).map((alert) => (
          <One key={alert.n} alert={alert} />
        ))}
      </ul>
    </Panel>
  );
}

function One({ alert }: { alert: Alert }) {
  const { m, f, pick } = useWords();
  const href = alert.handset ? `/handsets/${alert.handset}` : `/facilities/${alert.facility}`;
  return (
    <li>
      <details>
        <summary>
          {pick(alert.title)} <span className="small soft">{f.dateTime(alert.raised)}</span>
        </summary>
        {alert.reasons.map((reason) => (
          <p key={reason.en}>{pick(reason)}</p>
        ))}
        <p className="small soft">{pick(alert.limits)}</p>
        <GivenLink href={href}>{alert.handset ? m.case.alertHandset : m.case.alertFacility}</GivenLink>
      </details>
    </li>
  );
}

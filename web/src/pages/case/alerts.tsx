/** What was raised: each alert unfolds to its reasons and how it can be wrong. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { alerts } from "../../api/queries";
import type { Alert } from "../../api/types";
import { FacilityLink } from "../../app/facility-link";
import { useMay } from "../../app/me";
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
  const { f, pick } = useWords();
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
        <Where alert={alert} />
      </details>
    </li>
  );
}

/** The page where it can be looked at: a handset's, as of the facility that it was raised for, or the facility's own. */
function Where({ alert: { handset, facility } }: { alert: Alert }) {
  const { m } = useWords();
  const may = useMay();
  if (handset === null || !may("handset")) return <FacilityLink facility={facility}>{m.case.alertFacility}</FacilityLink>;
  return (
    <Link to="/handsets/$handset" params={{ handset }} search={{ facility }}>
      {m.case.alertHandset}
    </Link>
  );
}

import { Clock, Send } from "lucide-react";
import type { CellState, WallSite, WallTeam } from "../../api/types";
import { Badge, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { isSilent } from "./sites";

const ORDER: CellState[] = ["conflict", "open", "found", "nothing", "could_not", "referred", "waiting"];
/** Beyond this, in seconds, a device's clock is said. */
const CLOCK = 30;

/** One site: its cells as they stand, and its teams. */
export function SitePanel({ site }: { site: WallSite }) {
  const { m, f } = useWords();
  return (
    <Panel
      title={site.name}
      aside={isSilent(site) ? <Badge tone="bad">{m.wall.silent(f.count(site.silent_minutes ?? 0))}</Badge> : <Badge tone="good">{m.wall.live}</Badge>}
    >
      <div className="stack">
        <ul className="plain wall-cells" aria-label={m.wall.cells}>
          {site.cells_list.map((cell) => {
            const said = m.wall.cellSays(cell.cell, m.wall.states[cell.state], cell.team);
            return (
              <li key={cell.cell} className={`wall-cell ${cell.state}`} title={said}>
                <span aria-hidden>{cell.cell}</span>
                {cell.found > 0 && <b aria-hidden>{f.count(cell.found)}</b>}
                <span className="hidden-text">{said}</span>
              </li>
            );
          })}
        </ul>
        <p className="legend">
          {ORDER.map((state) => (
            <span key={state} className="key">
              <i className={`wall-cell ${state}`} /> {m.wall.states[state]}
            </span>
          ))}
        </p>
        <h3>{m.wall.teams}</h3>
        <ul className="plain teams">
          {site.teams.map((team) => <Team key={team.team} team={team} />)}
        </ul>
      </div>
    </Panel>
  );
}

function Team({ team }: { team: WallTeam }) {
  const { m, f } = useWords();
  return (
    <li>
      <strong>{team.team}</strong>
      <span>{team.at ?? "–"}</span>
      <span className="small soft">{team.last_seen && m.wall.lastSeen(f.time(team.last_seen))}</span>
      <span className="row">
        {(team.unsent ?? 0) > 0 && <Badge tone="warn"><Send size={12} aria-hidden /> {m.wall.unsent(team.unsent ?? 0)}</Badge>}
        {Math.abs(team.clock_error_s ?? 0) > CLOCK && <Badge tone="warn"><Clock size={12} aria-hidden /> {m.wall.clock(f.signed(team.clock_error_s ?? 0, 0))}</Badge>}
      </span>
    </li>
  );
}

/** Calls for help: each stays until somebody at the command post has said that they have seen it. */
import { say } from "../../api/queries";
import type { Wall } from "../../api/types";
import { useMay } from "../../app/me";
import { saysOf } from "../../design/states";
import { Button, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { useAct } from "./act";

type Call = Wall["distress"][number];

export function Distress({ found }: { found: Wall }) {
  const names = new Map(found.sites.map((site) => [site.facility, site.name]));
  return found.distress.filter((call) => !call.seen).map((call) => <One key={call.event} call={call} site={call.facility ? (names.get(call.facility) ?? call.facility) : null} />);
}

function One({ call, site }: { call: Call; site: string | null }) {
  const { m, f } = useWords();
  const may = useMay();
  const seen = useAct((about: string) => say({ kind: "seen", about }));
  const where = [site, call.cell, call.team && m.wall.team(call.team), f.time(call.at)].filter(Boolean).join(", ");
  return (
    <Notice tone="bad">
      <div className="row spread">
        <span>
          <strong>{m.wall.distress}</strong> {where}
          {seen.isError && <span className="small"> {saysOf(seen.error, m.common)}</span>}
        </span>
        {may("command") && (
          <Button kind="danger" small disabled={seen.isPending} aria-label={m.wall.seenOf(where)} onClick={() => seen.mutate(call.event)}>
            {m.wall.seen}
          </Button>
        )}
      </div>
    </Notice>
  );
}

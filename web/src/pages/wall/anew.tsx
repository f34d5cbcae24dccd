/** What is left of the day, planned anew from the searches so far: looked at, then given to the sites that command chooses. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SyntheticEvent } from "react";
import { dayAnew, say, wall } from "../../api/queries";
import type { Anew, AnewChange, AnewSite, AnewTurn } from "../../api/types";
import { Ready, saysOf } from "../../design/states";
import { Button, Dialog, Field, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import "../../design/table/table.css";

export function PlanAnew({ names, onClose }: { names: ReadonlyMap<string, string>; onClose: () => void }) {
  const { m } = useWords();
  const query = useQuery({ ...dayAnew, staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  return (
    <Dialog title={m.wall.anew} lead={m.wall.anewLead} wide onClose={onClose}>
      <Ready query={query}>{(anew) => <Proposal anew={anew} names={names} onClose={onClose} />}</Ready>
    </Dialog>
  );
}

function Proposal({ anew, names, onClose }: { anew: Anew; names: ReadonlyMap<string, string>; onClose: () => void }) {
  const { m, f } = useWords();
  const client = useQueryClient();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const chosen = anew.sites.filter((site) => !left.has(site.facility));
  const give = useMutation({
    // One after the other: where one is refused, those before it stand and are not proposed again.
    mutationFn: async (words: string) => {
      for (const site of chosen) await say({ kind: "replanned", site: site.facility, number: site.number, cells: site.cells, why: words });
    },
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: wall.queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (why.trim() && chosen.length > 0) give.mutate(why.trim());
  };
  const toggle = (facility: string) => {
    const next = new Set(left);
    if (!next.delete(facility)) next.add(facility);
    setLeft(next);
  };
  const soFar = <p>{m.wall.anewSoFar(f.count(anew.searches), f.count(anew.found), f.decimal(anew.expected))}</p>;
  if (anew.sites.length === 0) {
    return (
      <div className="stack">
        {soFar}
        <Notice tone="good">{m.wall.anewNone}</Notice>
        <div className="foot">
          <Button onClick={onClose}>{m.people.done}</Button>
        </div>
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {soFar}
      {give.isError && <Notice tone="bad">{saysOf(give.error, m.common)}</Notice>}
      <div className="stack anew-sites" role="group" aria-label={m.wall.anew} tabIndex={0}>
        {anew.sites.map((site) => (
          <Site key={site.facility} site={site} name={names.get(site.facility) ?? site.facility} chosen={!left.has(site.facility)} onToggle={() => toggle(site.facility)} />
        ))}
      </div>
      <Field label={m.wall.anewWhy} help={m.wall.anewWhyHint} wrong={tried && !why.trim() ? m.common.required : undefined}>
        {(tie) => <input {...tie} maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} />}
      </Field>
      <div className="foot">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button kind="main" type="submit" disabled={give.isPending || chosen.length === 0}>
          {m.wall.anewGive(chosen.length)}
        </Button>
      </div>
    </form>
  );
}

function Site({ site, name, chosen, onToggle }: { site: AnewSite; name: string; chosen: boolean; onToggle: () => void }) {
  const { m } = useWords();
  const dropped = site.changes.filter((change) => change.after === null).length;
  const missed = site.changes.filter((change) => change.must).length;
  return (
    <div className="anew-site">
      <label className="row">
        <input type="checkbox" checked={chosen} onChange={onToggle} /> <strong>{name}</strong>
        <span className="small soft">{m.wall.anewChanges(site.changes.length - dropped, dropped)}</span>
        {missed > 0 && <span className="badge bad">{m.wall.anewMissed(missed)}</span>}
      </label>
      <details>
        <summary>{m.wall.anewWhat}</summary>
        <div className="table-frame" role="group" aria-label={name} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{m.wall.anewCell}</th>
                <th scope="col">{m.wall.anewNow}</th>
                <th scope="col">{m.wall.anewThen}</th>
                <th scope="col" className="num">{m.wall.expected}</th>
              </tr>
            </thead>
            <tbody>{site.changes.map((change) => <Change key={change.cell} change={change} />)}</tbody>
          </table>
        </div>
      </details>
    </div>
  );
}

function Change({ change }: { change: AnewChange }) {
  const { m, f } = useWords();
  const turn = ({ team, turn }: AnewTurn) => m.wall.anewTurn(team, f.count(turn));
  const after = change.expected_after === null ? "–" : f.decimal(change.expected_after, 2);
  return (
    <tr>
      <th scope="row">{change.cell}</th>
      <td>{turn(change.before)}</td>
      <td>{change.after ? turn(change.after) : <em>{change.must ? m.wall.anewMust : m.wall.anewDropped}</em>}</td>
      <td className="num">
        {f.decimal(change.expected_before, 2)} → {after}
      </td>
    </tr>
  );
}

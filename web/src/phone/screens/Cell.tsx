import { useState } from "react";
import { clockTime, isSame } from "../app/say";
import { useOpen, useView, useWords } from "../app/context";
import { type CellState, type Step, steps } from "../core/cells";
import type { CellRef, What } from "../core/entry";
import { type BundleCell, teamOf } from "../device/bundle";
import type { View } from "../device/session";
import { Button } from "../ui/Button";
import { LookFor } from "../ui/LookFor";
import { Stepper } from "../ui/Stepper";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

/** A cell: who is held there, what to look for, and what may be entered of it now. */
export function CellScreen({ cell }: { cell: CellRef }) {
  const { w, look } = useWords();
  const view = useView();
  const known = view.bundle.cells.find((one) => isSame(one.cell, cell));
  const persons = known?.persons ?? [];
  const state = view.cells.find((one) => isSame(one.cell, cell)) ?? {
    cell, planned: undefined, status: "planned" as const, finds: 0, since: undefined,
  };
  return (
    <Screen title={cell.cell} foot={<Steps state={state} />}>
      <section className="card">
        <p className="name">{cell.cell}</p>
        <ul className="facts">
          <li className={`mark ${state.status}`}>{w.statusOf[state.status]}</li>
          {state.finds > 0 && <li>{w.finds(state.finds)}</li>}
          {state.status === "running" && state.since !== undefined && <li>{w.cell.since(clockTime(look.lang, state.since))}</li>}
          {state.planned !== undefined && <li>{w.day.minutes(state.planned.minutes)}</li>}
          {state.planned !== undefined && <li>{w.detectors[state.planned.detector]}</li>}
        </ul>
        {(state.planned?.target === "person" || persons.length > 0) && <p className="notice warn">{w.cell.person} {persons.join(", ")}</p>}
        {state.planned?.target === "common" && <p className="soft">{w.cell.common}</p>}
      </section>
      <p className="notice warn">{w.cell.neverOn}</p>
      <Held known={known} />
      <LookFor known={known} />
      {known !== undefined && known.hiding_places.length > 0 && (
        <section className="section">
          <h2>{w.cell.places}</h2>
          <ul className="chips">
            {known.hiding_places.map((place) => <li key={place} className="chip">{place}</li>)}
          </ul>
        </section>
      )}
    </Screen>
  );
}

function Held({ known }: { known: BundleCell | undefined }) {
  const { w } = useWords();
  const held = known?.held ?? [];
  return (
    <section className="section">
      <h2>{w.cell.held}</h2>
      {held.length === 0 && <p className="soft">{w.cell.nobody}</p>}
      <ul className="rows">
        {held.map((person) => (
          <li key={`${person.name} ${person.number ?? ""}`} className="row">
            <strong>{person.name}</strong>
            <span className="soft">{person.number}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ state }: { state: CellState }) {
  const { w } = useWords();
  const { go, home } = useOpen();
  const view = useView();
  const { enter, entering } = useEnter();
  const [officers, setOfficers] = useState(() => usualOfficers(view));
  if (view.phase !== "entering") return null;
  const { cell, planned, status } = state;
  const started: What = { kind: "started", cell, detector: planned?.detector ?? "visual", officers };
  // A cell that is finished leads to the next.
  const finish = async (what: What) => {
    if ((await enter(what)) !== undefined) home();
  };
  const again = status === "done" || status === "nothing";
  const buttons: Record<Step, [string, () => void]> = {
    start: [again ? w.cell.startAgain : w.cell.start, () => void enter(started)],
    find: [w.cell.found, () => go({ at: "find", cell, lay: lies(state) })],
    nothing: [w.cell.nothing, () => void finish({ kind: "nothing_found", cell })],
    done: [w.cell.done, () => void finish({ kind: "stopped", cell, why: "done" })],
    interrupt: [w.cell.interrupt, () => go({ at: "leave", cell })],
    could_not: [w.cell.couldNot, () => go({ at: "couldNot", cell })],
    refer: [w.cell.refer, () => go({ at: "refer", cell })],
  };
  const [first, ...rest] = steps(state);
  return (
    <>
      {first === "start" && <Stepper label={w.cell.officers} value={officers} onChange={setOfficers} />}
      {rest.length > 1 && <div className="pair">{rest.slice(1).map((step) => <Button key={step} disabled={entering} onPress={buttons[step][1]}>{buttons[step][0]}</Button>)}</div>}
      {rest[0] !== undefined && <Button disabled={entering} onPress={buttons[rest[0]][1]}>{buttons[rest[0]][0]}</Button>}
      {first !== undefined && <Button kind="main" disabled={entering} onPress={buttons[first][1]}>{buttons[first][0]}</Button>}
    </>
  );
}

/** As many as at the last cell; at first, those of the team who have a phone. */
function usualOfficers({ entries, bundle }: View): number {
  const last = entries.findLast((entry) => entry.what.kind === "started");
  if (last?.what.kind === "started") return last.what.officers;
  const team = teamOf(bundle);
  const mates = bundle.receivers.filter(({ post }) => typeof post === "object" && "team" in post && post.team === team);
  return new Set([bundle.you.officer.id, ...mates.map((mate) => mate.officer.id)]).size;
}

function lies(state: CellState) {
  if (state.status === "referred") return "person" as const;
  return state.planned?.target === "common" ? ("common" as const) : ("cell" as const);
}

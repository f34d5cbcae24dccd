import { clockError, clockTime, isClockWrong } from "../app/say";
import { useOpen, useView, useWords } from "../app/context";
import { cellKey, type CellState, isOpen, nextCell } from "../core/cells";
import type { View } from "../device/session";
import { Button } from "../ui/Button";
import { CellRow } from "../ui/CellRow";
import { Screen } from "../ui/Screen";

/** The officer's day: where to go next, and all of the team's cells. */
export function Day() {
  const { w } = useWords();
  const { go, session } = useOpen();
  const view = useView();
  const { drafts } = session;
  const next = nextCell(view.cells);
  const done = view.cells.filter((state) => !isOpen(state.status)).length;
  const foot = (
    <>
      {drafts.map(({ cell, lay }) => (
        <Button key={`${cellKey(cell)} ${lay}`} kind="main" onPress={() => go({ at: "find", cell, lay })}>
          {lay === "person" ? `${w.find.resume(cell.cell)} · ${w.find.onPerson}` : w.find.resume(cell.cell)}
        </Button>
      ))}
      {drafts.length === 0 && next !== undefined && (
        <Button kind="main" onPress={() => go({ at: "cell", cell: next.cell })}>
          {w.day.go(next.cell.cell)}
        </Button>
      )}
      <div className="pair">
        <Button onPress={() => go({ at: "exhibits" })}>{w.day.exhibits}</Button>
        <Button onPress={() => go({ at: "scan" })}>{w.day.scan}</Button>
      </div>
    </>
  );
  return (
    <Screen title={view.bundle.day.operation} home foot={foot}>
      <Notices view={view} />
      {next === undefined ? <Nothing all={view.cells.length} /> : <Next state={next} />}
      <section className="section">
        <div className="progress" role="progressbar" aria-valuenow={done} aria-valuemax={view.cells.length} aria-label={w.day.cells}>
          <div style={{ width: `${(100 * done) / Math.max(1, view.cells.length)}%` }} />
        </div>
        <h2>{w.day.progress(done, view.cells.length)}</h2>
        <ul className="rows">
          {view.cells.map((state) => (
            <li key={`${state.cell.facility} ${state.cell.cell}`}>
              <CellRow state={state} />
            </li>
          ))}
        </ul>
        <Button kind="quiet" onPress={() => go({ at: "other" })}>{w.day.other}</Button>
        <Button kind="quiet" onPress={() => go({ at: "words" })}>{w.words.title}</Button>
      </section>
    </Screen>
  );
}

function Nothing({ all }: { all: number }) {
  const { w } = useWords();
  const { go } = useOpen();
  return (
    <div className="card">
      <p>{all === 0 ? w.day.noCells : w.day.allDone}</p>
      {all > 0 && <Button onPress={() => go({ at: "end" })}>{w.end.title}</Button>}
    </div>
  );
}

function Next({ state }: { state: CellState }) {
  const { w, look } = useWords();
  const { planned } = state;
  return (
    <section className="card">
      <h2>{state.status === "running" ? w.day.now : w.day.next}</h2>
      <p className="name" data-next={state.cell.cell}>{state.cell.cell}</p>
      {planned !== undefined && (
        <ul className="facts">
          <li>{w.day.at(clockTime(look.lang, planned.start))}</li>
          <li>{w.day.minutes(planned.minutes)}</li>
          <li>{w.detectors[planned.detector]}</li>
        </ul>
      )}
    </section>
  );
}

function Notices({ view }: { view: View }) {
  const { w } = useWords();
  return (
    <>
      {view.aborted && <p className="notice bad">{w.day.stopped}</p>}
      {view.standing === "revoked" && <p className="notice bad">{w.status.revoked}</p>}
      {view.connection === "denied" && <p className="notice bad">{w.status.denied}</p>}
      {isClockWrong(view.clockAdd) && <p className="notice warn">{clockError(w, view.clockAdd)}</p>}
      {!view.persisted && <p className="notice warn">{w.status.storageShort}</p>}
    </>
  );
}

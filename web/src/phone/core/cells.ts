/** How each of the team's cells stands, from this device's own entries and the plan as command changed it. */

import type { CellRef, Entry, PlannedCell, What } from "./entry";

/** How a cell stands. A found item leaves it running: a search ends when somebody says so. */
export type CellStatus = "planned" | "running" | "done" | "nothing" | "interrupted" | "could_not" | "referred";

/** A cell of the team's list. */
export interface CellState {
  cell: CellRef;
  /** How it is planned now; a cell that somebody opened beside the plan has none. */
  planned: PlannedCell | undefined;
  status: CellStatus;
  /** Items found. */
  finds: number;
  /** When the search began, by the device's clock. */
  since: string | undefined;
}

/** A key for maps. */
export function cellKey(cell: CellRef): string {
  return `${cell.facility}\n${cell.cell}`;
}

/** The planned cells in their order, then those that were entered beside the plan. */
export function cellStates(planned: readonly PlannedCell[], entries: readonly Entry[]): CellState[] {
  const states = new Map<string, CellState>();
  for (const cell of planned) states.set(cellKey(cell.cell), untouched(cell.cell, cell));
  for (const entry of entries) {
    const cell = workedOn(entry.what);
    if (cell === undefined) continue;
    const before = states.get(cellKey(cell)) ?? untouched(cell, undefined);
    states.set(cellKey(cell), after(before, entry));
  }
  return [...states.values()];
}

/** The cell to go to: the one that is running, or else the first that nobody has been to. */
export function nextCell(states: readonly CellState[]): CellState | undefined {
  return states.find((state) => state.status === "running") ?? states.find((state) => state.status === "planned");
}

/** Whether somebody may still search it. */
export function isOpen(status: CellStatus): boolean {
  return status === "planned" || status === "running" || status === "interrupted" || status === "could_not";
}

function untouched(cell: CellRef, planned: PlannedCell | undefined): CellState {
  return { cell, planned, status: "planned", finds: 0, since: undefined };
}

function workedOn(what: What): CellRef | undefined {
  return "cell" in what ? what.cell : undefined;
}

function after(state: CellState, entry: Entry): CellState {
  const finds = state.finds + (entry.what.kind === "found" ? 1 : 0);
  const since = entry.what.kind === "started" ? entry.occurred : state.since;
  return { ...state, finds, since, status: statusAfter(state.status, entry.what) };
}

/** A referral stays: whoever takes over is not on this device. */
function statusAfter(status: CellStatus, what: What): CellStatus {
  if (status === "referred") return status;
  switch (what.kind) {
    case "started":
      return "running";
    case "found":
      return status === "done" || status === "nothing" ? "done" : "running";
    case "nothing_found":
      return "nothing";
    case "stopped":
      return what.why === "done" ? "done" : "interrupted";
    case "could_not":
      return "could_not";
    case "referred":
      return "referred";
    default:
      return status;
  }
}

/** What an officer may enter of a cell that stands so. */
export type Step = "start" | "find" | "nothing" | "done" | "interrupt" | "could_not" | "refer";

/** The steps that make sense, in the order in which they are offered. */
export function steps(state: CellState): Step[] {
  switch (state.status) {
    case "planned":
    case "interrupted":
    case "could_not":
      return ["start", "could_not"];
    case "running":
      return state.finds > 0 ? ["find", "done", "refer", "interrupt"] : ["find", "nothing", "refer", "interrupt"];
    case "done":
    case "nothing":
      return ["find", "start"];
    case "referred":
      return ["find"];
  }
}

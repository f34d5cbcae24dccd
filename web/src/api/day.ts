/** The search day, as the wall and command read it. */
import type { Text } from "../i18n/lang";

export type CellState = "waiting" | "open" | "found" | "nothing" | "could_not" | "referred" | "conflict";

export interface WallTeam {
  team: string;
  at: string | null;
  unsent: number | null;
  clock_error_s: number | null;
  last_seen: string | null;
}

export interface WallCell {
  cell: string;
  state: CellState;
  team: string;
  found: number;
  expected: number;
  start?: string | null;
}

export interface WallSite {
  facility: string;
  name: string;
  /** Null where the case doesn't know the place. */
  lat?: number | null;
  lon?: number | null;
  cells: number;
  done: number;
  started: number;
  found: number;
  expected: number;
  silent_minutes: number | null;
  teams: WallTeam[];
  cells_list: WallCell[];
}

/** What is worth a look. */
export interface Flagged {
  text: Text;
  at: string;
}

export interface Wall {
  day: { operation: string; opened: string; closed: string | null } | null;
  sites: WallSite[];
  finds: { at: string; facility: string; cell: string; kind: string; class: string; item: string }[];
  flags: Flagged[];
  announcements: { at: string; text: string }[];
  /** Calls for help, the newest first. */
  distress: { at: string; facility?: string | null; cell?: string | null; team?: string | null; device: string; seen: boolean }[];
}

export interface AnewTurn {
  team: string;
  /** Which of the cells that the team has left, from 1. */
  turn: number;
}

export interface AnewChange {
  cell: string;
  before: AnewTurn;
  /** Null where no time is left for it. */
  after: AnewTurn | null;
  expected_before: number;
  expected_after: number | null;
}

export interface AnewSite {
  facility: string;
  number: number;
  /** As the day's protocol has them: entered unchanged. */
  cells: Record<string, unknown>[];
  changes: AnewChange[];
}

export interface Anew {
  searches: number;
  found: number;
  expected: number;
  sites: AnewSite[];
}

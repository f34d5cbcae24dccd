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
  /** Null where it wasn't planned, and no team has been there. */
  team: string | null;
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
  finds: { at: string; facility: string; cell: string; kind: "phone" | "sim" | "charger" | "other"; class: string; item: string }[];
  flags: Flagged[];
  announcements: { at: string; text: string }[];
  /** Calls for help, the newest first. */
  distress: { event: string; at: string; facility?: string | null; cell?: string | null; team?: string | null; device: string; seen: boolean }[];
  /** What stands in the way of closing; two hundred at most. */
  open: { text: Text; team?: string | null }[];
  open_count: number;
}

/** Whom command's word concerns. */
export type Audience = "all" | { site: string } | { team: string };

/** What a phone is for; command's own key is no phone. */
export type Post = { team: string } | { desk: string } | "command";

/** A phone of the day, as the day's report has it. */
export interface DayPhone {
  post: Post | null;
  revoked: string | null;
  lost: string | null;
  heard: string | null;
  unsent: number;
  /** Entries that must exist and aren't here: from, to. */
  missing: [number, number][];
  complete: boolean;
}

/** Of the day's report, what the wall shows. */
export interface DayReport {
  report: { devices: Record<string, DayPhone> };
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
  /** The limits say that it has to be searched, and no time is left for it. */
  must: boolean;
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

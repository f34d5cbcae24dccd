/** Command's words: whether they are command's, and what they change. */

import { type Entry, type Envelope, type PlannedCell, readEntry } from "../core/entry";
import { type Bundle, type BundleCell, teamOf } from "./bundle";
import { fits } from "./keys";

/** A device that commands, and its key. */
export interface Commander {
  device: string;
  key: string;
}

/** A word of command with its signature, to be passed on. */
export interface Word {
  entry: Entry;
  signed: Envelope;
}

/** The word that a signed text is, if it is one of command's and was not changed. */
export async function commandsWord(signed: Envelope, commanders: readonly Commander[]): Promise<Word | undefined> {
  const entry = readable(signed);
  const commander = commanders.find((one) => one.device === entry?.device);
  if (entry === undefined || commander === undefined) return undefined;
  return (await fits(commander.key, signed)) ? { entry, signed } : undefined;
}

function readable(signed: Envelope): Entry | undefined {
  try {
    return readEntry(signed.text);
  } catch {
    return undefined;
  }
}

/** The team's cells: as the bundle has them, or in a newer plan of the site that the bundle doesn't know yet. */
export function plannedCells(bundle: Bundle, site: string, words: readonly Word[]): PlannedCell[] {
  const team = teamOf(bundle);
  let number = bundle.plan_number;
  let cells: readonly PlannedCell[] = bundle.cells.map((cell) => asPlanned(cell, team ?? ""));
  for (const { entry } of words) {
    if (entry.what.kind !== "replanned" || entry.what.site !== site || entry.what.number <= number) continue;
    number = entry.what.number;
    cells = entry.what.cells.filter((cell) => cell.team === team);
  }
  return [...cells];
}

/** Whether command has planned the site anew since the bundle was made. */
export function isOutdated(bundle: Bundle, words: readonly Word[]): boolean {
  return words.some(({ entry: { what } }) => (what.kind === "plan_changed" || what.kind === "replanned") && what.number > bundle.plan_number);
}

function asPlanned({ cell, target, wave, start, minutes, detector }: BundleCell, team: string): PlannedCell {
  return { cell, target, team, wave, start, minutes, detector, expected_milli: 0 };
}

/** Words that whoever holds the device has to see and hasn't: the oldest first, and STOP before all. */
export function unseen(words: readonly Word[], own: readonly Entry[]): Word[] {
  const seen = new Set(own.map((entry) => (entry.what.kind === "seen" ? entry.what.about : "")));
  const open = words.filter((word) => isForPeople(word.entry) && !seen.has(word.entry.id));
  return [...open.filter(isAbort), ...open.filter((word) => !isAbort(word))];
}

/** Whether command has stopped the search. */
export function isAbort(word: Word): boolean {
  return word.entry.what.kind === "aborted";
}

function isForPeople(entry: Entry): boolean {
  return ["announced", "aborted", "plan_changed", "replanned", "closed"].includes(entry.what.kind);
}

/** An officer's code, for whoever hands something to them: `CSO1` and the service number. */

import type { Party } from "./entry";
import { canBeName } from "./ids";

const BEGINNING = "CSO1:";

/** The text of an officer's code. */
export function cardOf(officer: Party): string {
  return `${BEGINNING}${officer.id}`;
}

/** The officer of a code; undefined where it is none. */
export function fromCard(code: string): Party | undefined {
  const id = code.startsWith(BEGINNING) ? code.slice(BEGINNING.length) : "";
  return canBeName(id) ? { id, name: id } : undefined;
}

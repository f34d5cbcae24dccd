/** The limits as they are typed, and as the server takes them: what was changed, over what the text says. */
import type { Limits, LimitsAsked } from "../../api/types";

export const fields = ["cells", "facilities", "cells_each", "teams", "hours", "waves"] as const;
export type FieldName = (typeof fields)[number];
export type Typed = Record<FieldName, string>;

/** Those that may be left empty: no limit. */
export const optional: readonly FieldName[] = ["cells", "facilities", "cells_each"];

/** Whole numbers, but for hours. */
const parts: readonly FieldName[] = ["hours"];

export function typed(limits: Limits): Typed {
  // No team, no hour, no wave: the text names none.
  const text = (value: number | null) => (value ? String(value) : "");
  return Object.fromEntries(fields.map((name) => [name, text(limits[name])])) as Typed;
}

export interface Read {
  limits: LimitsAsked | null;
  wrong: FieldName[];
}

/** Numbers as French and English keyboards give them; what wasn't touched is left to `raw`. */
export function read(text: Typed, raw: string, shown: Limits): Read {
  const before = typed(shown);
  const changed = fields.filter((name) => text[name].trim() !== before[name]);
  const values = changed.map((name) => [name, numberOf(text[name], name)] as const);
  const wrong = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (wrong.length) return { limits: null, wrong };
  return { limits: { ...(Object.fromEntries(values) as Omit<LimitsAsked, "raw">), raw }, wrong };
}

/** Undefined: not a number above zero. Null: left empty where it may be. */
function numberOf(text: string, name: FieldName): number | null | undefined {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (plain === "") return optional.includes(name) ? null : undefined;
  const value = Number(plain);
  return Number.isFinite(value) && value > 0 && (parts.includes(name) || Number.isInteger(value)) ? value : undefined;
}

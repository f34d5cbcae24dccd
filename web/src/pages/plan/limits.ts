/** The limits as they are typed, and as the server takes them: each over what the text says. */
import type { Limits, LimitsAsked } from "../../api/types";

export const fields = ["cells", "facilities", "cells_each", "waves"] as const;
export type FieldName = (typeof fields)[number];
export type Typed = Record<FieldName, string>;

/** Those that may be left empty: no limit. */
export const optional: readonly FieldName[] = ["cells", "facilities", "cells_each"];

export function typed(limits: Limits): Typed {
  const text = (value: number | null) => (value === null ? "" : String(value));
  return Object.fromEntries(fields.map((name) => [name, text(limits[name])])) as Typed;
}

export interface Read {
  limits: LimitsAsked | null;
  wrong: FieldName[];
}

/** Numbers as French and English keyboards give them; `raw` goes along as it is. */
export function read(text: Typed, raw: string): Read {
  const values = fields.map((name) => [name, numberOf(text[name], optional.includes(name))] as const);
  const wrong = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (wrong.length) return { limits: null, wrong };
  return { limits: { ...(Object.fromEntries(values) as Omit<LimitsAsked, "raw">), raw }, wrong };
}

/** Undefined: not a number above zero. Null: left empty where it may be. */
function numberOf(text: string, mayBeEmpty: boolean): number | null | undefined {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (plain === "") return mayBeEmpty ? null : undefined;
  const value = Number(plain);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Values of a study in words: in cells, and along axes. */
import type { Cell, Ticks, Value } from "../../api/study";
import type { Formats } from "../../i18n/format";
import type { Lang, Text } from "../../i18n/lang";

export interface Writer {
  number: (value: Value, decimals: number) => string;
  share: (value: Value, decimals?: number) => string;
  between: (low: string, high: string) => string;
  cell: (cell: Cell) => string;
  /** A value beside others of its axis, told apart from them. */
  tick: (value: number, among: readonly number[], ticks: Ticks) => string;
  /** A value of an axis by itself; an axis that writes none has none. */
  value: (value: Value, ticks: Ticks) => string;
}

/** What is written where nothing is known. */
export const UNKNOWN = "–";

/** How a language writes a study's values. */
export function writer(lang: Lang, f: Formats): Writer {
  const unit = lang === "fr" ? "\u202f%" : "%";
  const to = lang === "fr" ? "à" : "to";

  const number = (value: Value, decimals: number) => {
    if (value === null) return UNKNOWN;
    const size = f.decimal(Math.abs(value), decimals);
    // What rounds to nought has no sign.
    return value < 0 && /[1-9]/.test(size) ? `−${size}` : size;
  };
  const share = (value: Value, decimals = 0) => (value === null ? UNKNOWN : `${number(value * 100, decimals)}${unit}`);
  const between = (low: string, high: string) => `${low} ${to} ${high}`;

  const cell = (cell: Cell) => {
    if (cell === "Blank") return UNKNOWN;
    if ("Words" in cell) return cell.Words[lang];
    if ("Name" in cell) return cell.Name;
    if ("Count" in cell) return f.count(cell.Count);
    if ("Number" in cell) return number(...cell.Number);
    if ("Share" in cell) return share(cell.Share);
    if ("Shares" in cell) return between(share(cell.Shares[0]), share(cell.Shares[1]));
    const [low, high, decimals] = cell.Between;
    return between(number(low, decimals), number(high, decimals));
  };

  const tick = (value: number, among: readonly number[], ticks: Ticks) => {
    if (ticks === "None") return "";
    if (ticks === "Numbers") return number(value, decimalsOf(among));
    return share(value, decimalsOf(among.map((each) => each * 100)));
  };
  const value = (value: Value, ticks: Ticks) => {
    if (ticks === "Shares") return share(value, value !== null && value !== 0 && Math.abs(value) < 0.01 ? 1 : 0);
    return number(value, value === null || Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 2 : 1);
  };
  return { number, share, between, cell, tick, value };
}

/** Whether a value stands to the right of its column. */
export const isFigure = (cell: Cell) => cell === "Blank" || !("Words" in cell || "Name" in cell);

/** Which columns have figures. */
export function figureColumns(head: readonly Text[], rows: readonly (readonly Cell[])[]): boolean[] {
  return head.map((_, column) => rows.some((row) => row[column] !== undefined && isFigure(row[column])));
}

/** Decimals that tell these values apart. */
export function decimalsOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  const step = Math.min(...steps);
  if (!Number.isFinite(step) || step <= 0) return 0;
  // A step of 0.1 may come as 0.0999…, and is still one of tenths.
  return Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

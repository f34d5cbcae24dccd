/** Which handsets pass what was asked for. */
import type { Handset, HandsetClass } from "../../api/types";
import { folded } from "../../design/table/arrange";

export interface Filter {
  text: string;
  facility: string;
  class: HandsetClass | "";
  /** 0..1 */
  least: number;
  decision: "any" | "none" | "confirm" | "reject";
  ledger: boolean;
}

export const open: Filter = { text: "", facility: "", class: "", least: 0, decision: "any", ledger: false };

/** One question a row; undefined when everything passes. */
export function passes(filter: Filter): ((row: Handset) => boolean) | undefined {
  const asked: ((row: Handset) => boolean)[] = [];
  const text = folded(filter.text.trim());
  if (filter.facility) asked.push((row) => row.facility === filter.facility);
  if (filter.class) asked.push((row) => row.class === filter.class);
  if (filter.least > 0) asked.push((row) => row.probability >= filter.least);
  if (filter.decision !== "any") asked.push((row) => (row.decision ?? "none") === filter.decision);
  if (filter.ledger) asked.push((row) => row.in_ledger);
  if (text) asked.push((row) => holds(row, text));
  if (asked.length === 0) return undefined;
  return (row) => asked.every((question) => question(row));
}

function holds(row: Handset, text: string): boolean {
  return row.handset.includes(text) || (row.imei?.includes(text) ?? false) || (row.cell?.toLowerCase().includes(text) ?? false);
}

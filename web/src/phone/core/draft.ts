/** A find on its way to being entered: the steps, and what each answers. */

import type { Attachment, CellRef, Find, ImeiRead, ItemKind, ModelClass, Power, Screen } from "./entry";

/** What is being entered. What isn't answered yet is undefined. */
export interface Draft {
  cell: CellRef;
  item: string;
  lay: Find["lay"];
  step: number;
  kind?: ItemKind | undefined;
  class?: ModelClass | undefined;
  state?: Power | undefined;
  screen?: Screen | undefined;
  imei?: ImeiRead | undefined;
  /** Whether it has a second IMEI, as far as was said. */
  two: boolean;
  secondImei?: ImeiRead | undefined;
  sims: string[];
  photos: Attachment[];
  seal?: Find["seal"] | undefined;
  /** Undefined before it was asked; empty where nothing hid it. */
  hidingPlace?: string | undefined;
  witnesses: string[];
  note: string;
}

/** Whether two finds lie in the same cell, in the same way. */
export function isSamePlace(one: Pick<Draft, "cell" | "lay">, other: Pick<Draft, "cell" | "lay">): boolean {
  return one.cell.facility === other.cell.facility && one.cell.cell === other.cell.cell && one.lay === other.lay;
}

/** What is asked. */
export type Asked = "what" | "state" | "imei" | "second" | "sim" | "photo" | "seal" | "place" | "check";

/** What is asked of such a find, in this order. */
export function asked(draft: Draft): Asked[] {
  const last: Asked[] = ["photo", "seal", "place", "check"];
  if (draft.kind === "sim") return ["what", "sim", ...last];
  if (draft.kind !== undefined && draft.kind !== "phone") return ["what", ...last];
  const second: Asked[] = draft.two ? ["second"] : [];
  return ["what", "state", "imei", ...second, ...last];
}

/** The next step, with answers. */
export function answer(draft: Draft, answers: Partial<Draft>): Draft {
  return { ...draft, ...answers, step: draft.step + 1 };
}

/** A find that begins. */
export function beginning(cell: CellRef, item: string, lay: Find["lay"], witnesses: string[]): Draft {
  return { cell, item, lay, step: 0, two: false, sims: [], photos: [], witnesses, note: "" };
}

/** The find, once all is answered. `looks` says what it looks like. */
export function toFind(draft: Draft, looks: string): Find {
  const phone = draft.kind === "phone";
  const none = "not_applicable" as const;
  const note = draft.note.trim();
  return {
    item: draft.item,
    kind: draft.kind ?? "other",
    class: phone ? (draft.class ?? "unknown") : none,
    description: note === "" ? looks : `${looks}, ${note}`,
    imei: phone ? (draft.imei ?? "not_looked_at") : none,
    second_imei: phone ? (draft.secondImei ?? "not_looked_at") : none,
    sims: draft.sims,
    state: phone ? (draft.state ?? "unknown") : none,
    screen: phone ? (draft.screen ?? "not_looked_at") : none,
    lay: draft.lay,
    hiding_place: draft.hidingPlace === "" ? undefined : draft.hidingPlace,
    photos: draft.photos,
    seal: draft.seal ?? "not_yet",
    witnesses: draft.witnesses,
  };
}

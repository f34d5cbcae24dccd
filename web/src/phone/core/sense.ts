/** What makes no sense by itself is refused before it is signed: the server's rules (crate `cellsweep-sweep`, `sense`). */

import type { Entry, Exhibit, Find } from "./entry";
import * as limits from "./limits";
import { bytes } from "./shape";

/** Why an entry is not taken. */
export type Refusal =
  | "id"
  | "no_phone"
  | "state"
  | "off_stays_off"
  | "twice"
  | "nothing"
  | "condition"
  | "to_oneself"
  | "find_as_exhibit";

/** Why an entry makes no sense by itself, if it doesn't. */
export function refusal(entry: Entry): Refusal | undefined {
  const ownId = entry.id === `${entry.device}:${entry.sequence}` && bytes(entry.device) <= limits.DEVICE_BYTES;
  if (!ownId) return "id";
  if (entry.what.kind === "found") return ofFind(entry.what.find);
  if (entry.what.kind === "exhibit") return ofExhibit(entry.what.what, entry.by.id);
  return undefined;
}

function ofFind(find: Find): Refusal | undefined {
  return ofState(find) ?? once(find.photos.map((photo) => photo.file));
}

function ofState(find: Find): Refusal | undefined {
  const imeis = [find.imei, find.second_imei];
  if (find.kind !== "phone") {
    const none = imeis.every((imei) => imei === "not_applicable");
    const fits = none && find.state === "not_applicable" && find.class === "not_applicable";
    return fits ? undefined : "no_phone";
  }
  if (find.state === "not_applicable") return "state";
  const shown = find.screen === "lit" || imeis.some((imei) => typeof imei === "object" && "shown" in imei);
  return find.state === "off" && shown ? "off_stays_off" : undefined;
}

function ofExhibit(what: Exhibit, by: string): Refusal | undefined {
  switch (what.kind) {
    case "sealed":
      return named(what.items) ?? once(what.photos.map((photo) => photo.file));
    case "handed_on":
      if (what.to.id === by) return "to_oneself";
      return parcels(what.seals, what.items) ?? once(what.rehashed.map((file) => file.file));
    case "acknowledged":
      if ((what.seals.length === 0) !== (what.condition === "unsealed")) return "condition";
      return parcels(what.seals, what.items) ?? once(what.rehashed.map((file) => file.file));
    case "examined":
    case "returned":
    case "destroyed":
      return named(what.items);
    case "opened":
    case "explained":
      return undefined;
  }
}

function parcels(seals: string[], items: string[]): Refusal | undefined {
  return seals.length + items.length === 0 ? "nothing" : (once(seals) ?? once(items));
}

function named(items: string[]): Refusal | undefined {
  return items.length === 0 ? "nothing" : once(items);
}

function once(names: string[]): Refusal | undefined {
  return new Set(names).size === names.length ? undefined : "twice";
}

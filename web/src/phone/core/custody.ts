/** What the officer holds, from the entries on this device: found or received here, and not handed on. */

import type { Attachment, Entry, Envelope, Exhibit } from "./entry";
import { readEntry, envelope as envelopeShape } from "./entry";
import * as limits from "./limits";
import { bytes } from "./shape";

/** Something that the officer holds: what is under one seal, or one item that is under none. */
export interface Held {
  seal: string | undefined;
  items: string[];
  photos: Attachment[];
  /** What it looks like, as entered; empty where it came from somebody else. */
  description: string;
}

/** A hand-over that was offered from this device and is not acknowledged yet. */
export interface Offer {
  handOver: string;
  to: string;
  seals: string[];
  items: string[];
  /** The entry's number. */
  sequence: number;
}

/** What is held and what is offered. An offered parcel is held until it is acknowledged. */
export interface Custody {
  held: Held[];
  offers: Offer[];
}

/** From the device's entries and the acknowledgements that it was shown. */
export function custody(entries: readonly Entry[], acknowledgements: readonly Entry[]): Custody {
  const held = new Map<string, Held>();
  const offers = new Map<string, Offer>();
  for (const entry of entries) {
    if (entry.what.kind === "found") {
      const { find } = entry.what;
      const seal = typeof find.seal === "object" ? find.seal.seal : undefined;
      put(held, { seal, items: [find.item], photos: find.photos, description: find.description });
    }
    if (entry.what.kind === "exhibit") apply(held, offers, entry.what.what, entry.sequence);
  }
  for (const entry of acknowledgements) {
    if (entry.what.kind !== "exhibit" || entry.what.what.kind !== "acknowledged") continue;
    const offer = offers.get(entry.what.what.hand_over);
    if (offer === undefined) continue;
    offers.delete(offer.handOver);
    [...offer.seals, ...offer.items].forEach((parcel) => held.delete(parcel));
  }
  return { held: [...held.values()], offers: [...offers.values()] };
}

function apply(held: Map<string, Held>, offers: Map<string, Offer>, what: Exhibit, sequence: number): void {
  if (what.kind === "sealed") {
    const inside = what.items.map((item) => held.get(item)).filter((one) => one !== undefined);
    what.items.forEach((item) => held.delete(item));
    const description = inside.map((one) => one.description).join(", ");
    put(held, { seal: what.seal, items: what.items, photos: inside.flatMap((one) => one.photos), description });
  }
  if (what.kind === "handed_on") {
    const { hand_over: handOver, seals, items } = what;
    offers.set(handOver, { handOver, to: what.to.id, seals, items, sequence });
  }
  if (what.kind === "acknowledged") {
    for (const seal of what.seals) put(held, { seal, items: [], photos: what.rehashed, description: "" });
    for (const item of what.items) put(held, { seal: undefined, items: [item], photos: [], description: "" });
  }
}

/** What is under one seal lies together. */
function put(held: Map<string, Held>, one: Held): void {
  const key = one.seal ?? one.items[0] ?? "";
  const before = held.get(key);
  if (before === undefined) held.set(key, one);
  else held.set(key, { ...before, items: [...before.items, ...one.items], photos: [...before.photos, ...one.photos] });
}

/** A signed entry as a QR code holds it; undefined where it holds more than the largest code does. */
export function toCode(signed: Envelope): string | undefined {
  const code = JSON.stringify({ text: signed.text, signature: signed.signature });
  return bytes(code) > limits.CODE_BYTES ? undefined : code;
}

/** A signed entry from a QR code, with what it says; undefined where it is none. */
export function fromCode(code: string): { signed: Envelope; entry: Entry } | undefined {
  try {
    const signed = envelopeShape.take(JSON.parse(code), "code");
    return { signed, entry: readEntry(signed.text) };
  } catch {
    return undefined;
  }
}

/**
 * What is entered on a search day, as the server's program (crate `cellsweep-sweep`, `day`) spells it. The members'
 * order is the spelling: what is signed is {@link spell}'s text, to the byte.
 */

import { digest, iccid, imei, instant, name, prose, publicKey, signature } from "./ids";
import * as limits from "./limits";
import { either, type Infer, list, struct, structInOrder, tagged, text, whole, word } from "./shape";

const sequence = whole(1, limits.SEQUENCE);
const nothing = struct({});

/** Somebody who acts or is named: by service number. */
export const party = struct({ id: name, name }, { role: prose });
/** A prison cell, or a common place that has a name like one. */
export const cellRef = struct({ facility: name, cell: name });
/** A file, by name and digest. */
export const attachment = struct({ file: name, digest });
/** With what a cell is searched. */
export const detector = word(
  "visual",
  "handheld_metal",
  "ferrous_pole",
  "nonlinear_junction",
  "rf_handheld",
  "dog",
  "xray",
  "millimetre_wave",
  "other",
);
/** What is searched. */
export const target = word("cell", "person", "common");
/** A cell to be searched. */
export const plannedCell = struct({
  cell: cellRef,
  target,
  team: name,
  wave: whole(0, 65_535),
  start: instant,
  minutes: whole(0, 65_535),
  detector,
  expected_milli: whole(0, 4_294_967_295),
});
/** A day's plan. */
export const plan = struct({
  operation: prose,
  sites: list(name, limits.TEAMS),
  teams: list(struct({ team: name, site: name }), limits.TEAMS),
  cells: list(plannedCell, limits.CELLS),
});
/** Whom something concerns. */
export const audience = either(["all"], { site: name, team: name });
/** Where help is needed. */
export const whereabouts = either(["not_told"], { cell: cellRef, site: name });
/** What a device is for. */
export const post = either(["command"], { desk: name, team: name });
/** What an item is. */
export const itemKind = word("phone", "sim", "charger", "other");
/** What class a model is of. */
export const modelClass = word("mini", "feature", "smart", "iot", "unknown", "not_applicable");
/** An IMEI as read. */
export const imeiRead = either(["not_readable", "not_applicable", "not_looked_at"], { printed: imei, shown: imei });
/** Whether a phone was on. */
export const power = word("on", "off", "unknown", "not_applicable");
/** What a screen showed. */
export const screen = word("lit", "dark", "broken", "not_applicable", "not_looked_at");
/** An item's seal. */
export const sealing = either(["not_yet"], { seal: name });
/** Why a cell could not be searched. */
export const obstacle = either(["locked", "unsafe", "medical", "no_such_cell", "no_time"], { other: prose });
/** Why a search is referred. */
export const referral = word("on_person", "suspected_in_body");
/** Why a team left a cell. */
export const stop = either(["done"], { interrupted: prose });

const FIND_ORDER = [
  "item", "kind", "class", "description", "imei", "second_imei", "sims", "state", "screen", "lay", "hiding_place",
  "photos", "seal", "witnesses",
] as const;

/** A found item. */
export const find = structInOrder(
  FIND_ORDER,
  {
    item: name,
    kind: itemKind,
    class: modelClass,
    description: prose,
    imei: imeiRead,
    second_imei: imeiRead,
    sims: list(iccid, limits.FEW),
    state: power,
    screen,
    lay: word("cell", "common", "person"),
    photos: list(attachment, limits.FEW),
    seal: sealing,
    witnesses: list(name, limits.FEW),
  },
  { hiding_place: prose },
);

const parcels = { seals: list(name, limits.MANY), items: list(name, limits.MANY) };
const rehashed = list(attachment, limits.MANY);

const witnesses = list(party);
const papers = list(attachment);

/** What happens to exhibits after their find. */
export const exhibit = tagged({
  sealed: struct({ seal: name, items: list(name, limits.MANY), photos: list(attachment, limits.FEW) }),
  handed_on: struct({ hand_over: name, to: party, ...parcels, rehashed }),
  acknowledged: struct({
    hand_over: name,
    ...parcels,
    condition: either(["intact", "unsealed"], { damaged: prose }),
    rehashed,
  }),
  opened: struct({ seal: name, reason: prose, witnesses }),
  examined: struct({ items: list(name), report: attachment, imeis: list(imei), sims: list(iccid) }),
  returned: struct({ items: list(name), to: party, papers }),
  destroyed: struct({ items: list(name), witnesses, papers }),
  explained: struct({ about: name, text: prose }),
});

/** What happened. */
export const what = tagged({
  opened: struct({ plan, command: list(party, limits.FEW) }),
  replanned: struct({ site: name, number: whole(1, 4_294_967_295), cells: list(plannedCell, limits.CELLS), why: prose }),
  plan_changed: struct({ site: name, number: whole(1, 4_294_967_295), why: prose }),
  announced: struct({ to: audience, text: prose }),
  seen: struct({ about: name }),
  aborted: struct({ scope: audience, why: prose }),
  distress: struct({ place: whereabouts }),
  closed: nothing,
  enrolled: struct({ device: name, key: publicKey, post, replaces: either(["nothing"], { device: name }) }),
  revoked: struct({ device: name, why: prose }),
  lost: struct({ device: name }),
  clock_measured: struct({
    device: name,
    count: whole(0, limits.SEQUENCE),
    its_time: instant,
    true_time: instant,
    within_ms: whole(0, limits.CLOCK_MS),
  }),
  finished: nothing,
  rescued: struct({ device: name, last: whole(0, limits.SEQUENCE) }),
  started: struct({ cell: cellRef, detector, officers: whole(0, 65_535) }),
  stopped: struct({ cell: cellRef, why: stop }),
  found: struct({ cell: cellRef, find }),
  nothing_found: struct({ cell: cellRef }),
  could_not: struct({ cell: cellRef, why: obstacle }),
  referred: struct({ cell: cellRef, why: referral }),
  exhibit: struct({ what: exhibit }),
});

/** An entry. */
export const entry = struct({
  v: whole(1, 1),
  id: name,
  occurred: instant,
  device: name,
  sequence,
  by: party,
  what,
});

/** A signed text. */
export const envelope = struct({ text: text(() => true, "a text"), signature });

export type Party = Infer<typeof party>;
export type CellRef = Infer<typeof cellRef>;
export type Attachment = Infer<typeof attachment>;
export type Detector = Infer<typeof detector>;
export type PlannedCell = Infer<typeof plannedCell>;
export type Audience = Infer<typeof audience>;
export type Post = Infer<typeof post>;
export type ItemKind = Infer<typeof itemKind>;
export type ModelClass = Infer<typeof modelClass>;
export type ImeiRead = Infer<typeof imeiRead>;
export type Power = Infer<typeof power>;
export type Screen = Infer<typeof screen>;
export type Obstacle = Infer<typeof obstacle>;
export type Referral = Infer<typeof referral>;
export type Find = Infer<typeof find>;
export type Exhibit = Infer<typeof exhibit>;
export type What = Infer<typeof what>;
export type Entry = Infer<typeof entry>;
export type Envelope = Infer<typeof envelope>;

/** The text that a device signs. Throws {@link Misfit} where the entry has not the shape of one. */
export function spell(given: Entry): string {
  return JSON.stringify(entry.take(given, "entry"));
}

/** The entry of a text; throws where it isn't one or isn't in the one spelling that entries have. */
export function readEntry(text: string): Entry {
  const read = entry.take(JSON.parse(text), "entry");
  if (JSON.stringify(read) !== text) throw new SyntaxError("not in the spelling that entries have");
  return read;
}

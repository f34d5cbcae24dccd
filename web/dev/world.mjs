// A made-up case: facilities that look French, handsets, cells. Nothing in it is real; all of it comes from the seed.
import { draws, seedOf } from "./random.mjs";

const t = (fr, en) => ({ fr, en });
const DAY = 86_400_000;
export const FROM = Date.UTC(2026, 4, 1);
export const TO = Date.UTC(2026, 7, 29);
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

// Boxes of land, west to east, from which places are drawn: [lat, lat, lon, lon, weight].
const LAND = [
  [48.0, 48.6, -4.2, -1.9, 3], [46.4, 47.8, -1.4, 0.8, 4], [48.3, 49.4, -0.8, 1.4, 5], [48.5, 50.5, 1.6, 3.2, 11],
  [44.2, 45.9, -0.9, 1.2, 5], [43.1, 44.2, -0.8, 2.2, 6], [45.0, 47.9, 1.4, 4.2, 7], [48.0, 49.6, 3.6, 7.2, 9],
  [45.0, 47.4, 4.4, 6.2, 8], [43.4, 44.6, 3.0, 6.2, 8],
];
const HEADS = ["Val", "Mont", "Roche", "Clair", "Haute", "Beau", "Fonte", "Belle", "Grand", "Saint-Au", "Cour", "Lan", "Mar", "Vill", "Chante"];
const TAILS = ["mont", "rive", "bois", "court", "vigne", "lieu", "fosse", "pré", "chêne", "ville", "garde", "combe", "loup", "manche"];
const KINDS = ["MA", "CP", "CD", "MC"];
const FAR = [{ name: "CP des Trois-Anses", lat: 16.05, lon: -61.6 }, { name: "MA de Ravine-Haute", lat: -20.95, lon: 55.45 }];

function place(random) {
  const total = LAND.reduce((sum, box) => sum + box[4], 0);
  let left = random.next() * total;
  const box = LAND.find((each) => (left -= each[4]) < 0) ?? LAND[0];
  return { lat: random.between(box[0], box[1]), lon: random.between(box[2], box[3]) };
}

function facilities(random, count) {
  const seen = new Set();
  return Array.from({ length: count }, (_, index) => {
    let name;
    do {
      name = `${random.pick(HEADS)}${random.pick(TAILS)}`;
    } while (seen.has(name));
    seen.add(name);
    const far = FAR[index - (count - FAR.length)];
    const cells = random.whole(60, 620);
    const expected = Math.max(0.4, cells * 0.11 * Math.exp(random.normal() * 0.7));
    return {
      id: `F${String(index + 1).padStart(3, "0")}`,
      name: far?.name ?? `${random.pick(KINDS)} de ${name}`,
      ...(far ?? place(random)),
      expected, handsets: 0, sure: 0, cells, held: Math.round(cells * random.between(1, 1.6)), planned: 0, searched: 0, found: 0,
    };
  });
}

const CLASSES = [["mini", 0.55], ["feature", 0.15], ["smart", 0.22], ["iot", 0.04], ["unknown", 0.04]];
const MODELS = { mini: ["L8Star BM10", "Long-CZ J8", "Zanco Fly"], feature: ["Bric 105", "Bric 215"], smart: ["Orbe A12", "Orbe A05", "Pomme 8"], iot: ["AlarmBox 2"], unknown: [null] };

function classOf(random) {
  let left = random.next();
  return (CLASSES.find(([, share]) => (left -= share) < 0) ?? CLASSES[0])[0];
}

function handset(random, index, dots, total) {
  let left = random.next() * total;
  const dot = dots.find((each) => (left -= each.expected) < 0) ?? dots[0];
  const log10 = Math.max(-4.5, Math.min(6.2, random.normal() * 1.7 - 1.9));
  const probability = 1 / (1 + 10 ** -(log10 - 0.4));
  const first = random.between(FROM, TO - 10 * DAY);
  const last = random.between(first + DAY, TO);
  const kind = classOf(random);
  const days = Math.max(1, Math.round(((last - first) / DAY) * random.between(0.2, 0.98)));
  const placed = probability > 0.4 && random.chance(0.8);
  return {
    handset: String(351_000_000_000_00 + index * 7_919).padStart(14, "0"),
    imei: `35${random.digits(13)}`,
    facility: dot.id, facility_name: dot.name, probability, log10_lr: log10,
    first_seen: iso(first), last_seen: iso(last), events: Math.round(days * random.between(2, 40)), days_present: days,
    imsis: 1 + Math.floor(random.next() ** 3 * 7), in_ledger: kind === "mini" && random.chance(0.7), class: kind,
    cloned: random.chance(0.01), model: random.pick(MODELS[kind]),
    known: random.chance(0.004) ? "locker" : null,
    decision: probability > 0.95 && random.chance(0.25) ? "confirm" : probability < 0.02 && random.chance(0.02) ? "reject" : null,
    cell: placed ? `${random.pick(["A", "B", "C"])}${random.whole(1, 3)}${String(random.whole(1, Math.max(2, Math.floor(dot.cells / 9)))).padStart(2, "0")}` : null,
    cell_probability: placed ? probability * random.between(0.15, 0.95) : null,
  };
}

/** The case: dots and handsets, and sums over them. */
export function world({ seed = 7, handsets: count = 30_000, facilities: sites = 66 } = {}) {
  const random = draws(seed);
  const dots = facilities(random, sites);
  const total = dots.reduce((sum, dot) => sum + dot.expected, 0);
  const rows = Array.from({ length: count }, (_, index) => handset(random, index, dots, total));
  const byId = new Map(dots.map((dot) => [dot.id, Object.assign(dot, { expected: 0 })]));
  for (const row of rows) {
    const dot = byId.get(row.facility);
    dot.handsets += 1;
    dot.expected += row.probability;
    if (row.probability >= 0.9) dot.sure += 1;
  }
  for (const dot of dots) dot.planned = Math.min(dot.cells, Math.round(dot.expected * 0.42));
  return { dots, rows, byId, sum: dots.reduce((sum, dot) => sum + dot.expected, 0), t, iso, random, seedOf };
}

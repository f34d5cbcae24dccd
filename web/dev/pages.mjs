// What the made-up office answers for each page, from the made-up case.
import { draws, seedOf } from "./random.mjs";
import { FROM, TO } from "./world.mjs";

const t = (fr, en) => ({ fr, en });
const DAY = 86_400_000;
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
const AT = "2026-09-02T08:14:00Z";

export function casePage(world) {
  const { dots, rows, sum } = world;
  const planned = dots.reduce((total, dot) => total + dot.planned, 0);
  return {
    title: "Opération Grand Calme", kind: "exercise", country: "FR", window: { from: iso(FROM), to: iso(TO) }, at: AT,
    traced: true, attributed: true, planned: true,
    funnel: [
      { step: "sold", count: 41_260 },
      { step: "seen", count: rows.length },
      { step: "traced", count: Math.round(sum), low: Math.round(sum * 0.91), high: Math.round(sum * 1.12) },
      { step: "attributed", count: Math.round(sum * 0.71), low: Math.round(sum * 0.62), high: Math.round(sum * 0.8) },
      { step: "planned", count: Math.round(planned * 0.8), low: Math.round(planned * 0.7), high: Math.round(planned * 0.9) },
      { step: "searched", count: null },
      { step: "found", count: null },
    ],
    facilities: dots,
    todo: [
      ...raised(world).slice(0, 1).map((row) => ({ kind: "alert", text: t(`Nouveau téléphone à ${row.facility_name}`, `New handset at ${row.facility_name}`), href: `/handsets/${row.handset}?facility=${row.facility}`, urgent: false })),
      { kind: "approve", text: t("Un plan attend l'approbation d'un magistrat.", "A plan waits for a magistrate's approval."), href: "/plan", urgent: true },
      { kind: "authority", text: t("L'autorisation 2026-JI-118 expire dans 6 jours.", "Authority 2026-JI-118 ends in 6 days."), href: "/authorities", urgent: true },
      { kind: "review", text: t("214 téléphones au-dessus de 95 % n'ont pas encore de décision.", "214 handsets above 95% have no decision yet."), href: "/handsets", urgent: false },
      { kind: "quality", text: t("Un opérateur n'a rien enregistré pendant 3 jours de juillet.", "One operator recorded nothing on 3 days of July."), href: "/imports", urgent: false },
    ],
    runs: [
      { id: "r3", step: "plan", at: "2026-09-02T08:10:00Z", version: "0.9.0" },
      { id: "r2", step: "attribute", at: "2026-09-02T07:52:00Z", version: "0.9.0" },
      { id: "r1", step: "trace", at: "2026-09-02T07:31:00Z", version: "0.9.0" },
    ],
    head: { size: 18_442, root: "9f2c".repeat(16) },
  };
}

const finding = (fr, en, lr, limits, source, sentence, restricted = false) => ({
  title: t(fr, en), sentence: sentence ?? t(fr, en), limits, source, log10_lr: lr, restricted,
});

function findings(random, total) {
  const limit = t("Repose sur un relevé fait au printemps ; le réseau a pu changer depuis.", "Rests on a survey made in spring; the network may have changed since.");
  const records = t("Relevés des opérateurs", "Operators' records");
  const list = [
    finding("Antennes qui servent l'intérieur", "Sectors that serve the inside", 1.4, limit, records,
      t("96 % de ses événements passent par les trois antennes relevées dans l'établissement.", "96% of its events go through the three sectors surveyed inside.")),
    finding("Heures d'activité", "Hours of activity", 0.8, t("Un veilleur de nuit a des heures semblables.", "A night guard keeps similar hours."), records,
      t("Parle surtout entre 21 h et 2 h, presque jamais pendant les promenades.", "Speaks mostly between 21:00 and 02:00, hardly ever during yard time.")),
    finding("Silence pendant le brouillage", "Silence while jammed", 1.1, t("Une coupure de réseau au même moment aurait le même effet ; aucune n'est déclarée.", "A network outage at the same time would look the same; none is reported."), t("Journal de brouillage", "Jamming log"),
      t("S'est tu dans les 4 périodes de brouillage de l'aile B, et pas dans celles de l'aile A.", "Fell silent in all 4 jamming periods of wing B, and in none of wing A.")),
    finding("Jamais ailleurs", "Never elsewhere", 0.5, t("Ne vaut que pour les deux opérateurs interrogés sur tout le pays.", "Holds only for the two operators who were asked for the whole country."), records,
      t("Aucun passage hors du secteur en 87 jours, chez les opérateurs interrogés.", "No excursion in 87 days, at the operators that were asked.")),
    finding("Élément à diffusion restreinte", "Restricted finding", 0.4, t("", ""), t("", ""), t("", ""), true),
    finding("Modèle", "Model", 0.6, t("Le modèle se vend aussi au grand public.", "The model is sold to the public too."), t("Carnet de commandes", "Order book"),
      t("Mini-téléphone vendu par le fournisseur, livré neuf jours avant sa première apparition.", "Mini phone sold by the supplier, delivered nine days before it was first seen.")),
    finding("Voisinage", "Neighbourhood", -0.7, t("La limite de propagation est estimée.", "The reach of the sector is an estimate."), records,
      t("Deux antennes servent aussi des logements à 300 m.", "Two of the sectors also serve homes 300 m away.")),
  ].map((each) => ({ ...each, log10_lr: each.log10_lr + random.normal() * 0.15 }));
  const sum = list.reduce((all, each) => all + each.log10_lr, 0);
  return list.map((each) => ({ ...each, log10_lr: each.log10_lr + (total - sum) / list.length }));
}

const raised = (world) => world.rows.filter((row) => row.probability > 0.98).slice(0, 3);

/** What watching a folder raised: new handsets, and a facility that fell silent. */
export function alertsPage(world) {
  const handsets = raised(world).map((row, index) => ({
    n: 12 - index, raised: iso(Date.parse(AT) - index * 7_200_000), kind: "new_handset", facility: row.facility, handset: row.handset, earlier: null, probability: row.probability, log10_lr: row.log10_lr,
    title: t(`Nouveau téléphone à ${row.facility_name}`, `New handset at ${row.facility_name}`), reasons: [t(`Entendu pour la première fois le ${row.first_seen.slice(0, 10)} (${index + 1}).`, `First heard on ${row.first_seen.slice(0, 10)} (${index + 1}).`)], limits: t("Il peut être à un voisin.", "It may be a neighbour's."),
  }));
  const quiet = world.dots[5];
  return { rows: [...handsets, { n: 9, raised: AT, kind: "silent", facility: quiet.id, handset: null, earlier: null, probability: null, log10_lr: null, title: t(`${quiet.name} : silence inhabituel`, `${quiet.name}: unusual silence`), reasons: [t("Aucun téléphone entendu depuis deux jours.", "No handset heard for two days.")], limits: t("Une panne d'antenne y ressemble.", "A sector's outage looks the same.") }] };
}

/** Cards that follow one another, with days between on which nothing was recorded. */
function cards(random, row) {
  const [first, last] = [Date.parse(row.first_seen), Date.parse(row.last_seen)];
  const day = (at) => new Date(at).toISOString().slice(0, 10);
  const each = (last - first) / Math.max(1, row.imsis);
  return Array.from({ length: Math.min(row.imsis, 6) }, (_, index) => {
    const days = [];
    for (let at = first + index * each; at < first + (index + 1) * each; ) {
      const to = Math.min(at + (2 + Math.floor(random.next() * 12)) * DAY, first + (index + 1) * each);
      days.push({ from: day(at), to: day(to) });
      at = to + (2 + Math.floor(random.next() * 4)) * DAY;
    }
    return { imei: row.imei ?? row.handset, imsi: index === 2 ? null : `20810${random.digits(10)}`, events: Math.round(row.events / row.imsis), days };
  });
}

function activity(random, row) {
  const days = Math.round((TO - FROM) / DAY);
  const first = (Date.parse(row.first_seen) - FROM) / DAY;
  const last = (Date.parse(row.last_seen) - FROM) / DAY;
  const here = new Array(days * 24).fill(0);
  const elsewhere = new Array(days * 24).fill(0);
  const rate = row.events / Math.max(1, row.days_present) / 9;
  for (let day = 0; day < days; day += 1) {
    if (day < first || day > last || (day > 62 && day < 66) || random.chance(0.08)) continue;
    for (let hour = 0; hour < 24; hour += 1) {
      const night = hour >= 20 || hour < 3 ? 1 : hour >= 12 && hour < 14 ? 0.5 : 0.08;
      here[day * 24 + hour] = Math.floor(-Math.log(1 - random.next()) * rate * night * 2);
      if (random.chance(0.006)) elsewhere[day * 24 + hour] = 1;
    }
  }
  return { from: "2026-05-01", days, here, elsewhere };
}

function sectors(random, dot, count) {
  return Array.from({ length: count }, (_, index) => {
    const angle = random.between(0, 360);
    const far = random.between(0.004, 0.02);
    const lat = dot.lat + far * Math.cos((angle * Math.PI) / 180);
    const lon = dot.lon + (far * Math.sin((angle * Math.PI) / 180)) / Math.cos((dot.lat * Math.PI) / 180);
    return {
      id: `208-${random.pick(["01", "10", "15", "20"])}-${random.whole(1000, 9999)}-${index + 1}`, operator: random.pick(["Alpha", "Bravo", "Cosmo"]),
      technology: random.pick(["2G", "3G", "4G", "4G"]), lat, lon, azimuth_deg: (angle + 180 + random.between(-50, 50)) % 360,
      beamwidth_deg: random.pick([65, 90, 120]), range_m: Math.round(random.between(1200, 3800)), inside: index < 3,
    };
  });
}

function outline(dot, random) {
  const stretch = 1 / Math.cos((dot.lat * Math.PI) / 180);
  const size = 0.0012 + random.next() * 0.0008;
  const ring = Array.from({ length: 6 }, (_, corner) => {
    const angle = (corner / 6) * 2 * Math.PI + 0.4;
    const far = size * (corner % 2 ? 1 : 1.25);
    return [dot.lon + Math.sin(angle) * far * stretch, dot.lat + Math.cos(angle) * far];
  });
  return [...ring, ring[0]];
}

/** A third of the handsets changed hands. */
function segments(random, row, holders) {
  const users = holders.map(({ inmate, cell, probability, log10_lr }) => ({ inmate, cell, probability, log10_lr }));
  const [from, to] = [row.first_seen.slice(0, 10), row.last_seen.slice(0, 10)];
  if (random.chance(0.67)) return [{ from, to, changed: null, users }];
  const middle = Date.parse(from) + (Date.parse(to) - Date.parse(from)) * random.between(0.3, 0.7);
  const day = (at) => new Date(at).toISOString().slice(0, 10);
  const before = [{ inmate: `D-${random.whole(10_000, 99_999)}`, cell: "B-114", probability: 0.71, log10_lr: 2.6 }, { ...users[0], probability: 0.04, log10_lr: 0.4 }, { inmate: null, cell: null, probability: 0.25, log10_lr: -0.2 }];
  return [{ from, to: day(middle - 86_400_000), changed: null, users: before }, { from: day(middle), to, changed: 0.86, users }];
}

export function handsetPage(world, id) {
  const row = world.rows.find((each) => each.handset === id);
  if (!row) return null;
  const random = draws(seedOf(id));
  const dot = world.byId.get(row.facility);
  const spread = [0.42, 0.21, 0.12].map((share) => share * random.between(0.8, 1.1));
  const holders = [
    ...spread.map((probability, index) => ({
      inmate: `D-${random.whole(10_000, 99_999)}`, name: ["MARTEL Loïc", "SOREL Yanis", "AUBIN Marc"][index], cell: index ? row.cell?.replace(/.$/, String(index)) ?? null : row.cell,
      probability, log10_lr: 2.2 - index, verbal: index === 0 ? t("soutient modérément", "moderate support") : t("soutient faiblement", "weak support"),
      findings: [
        finding("Contacts rares en commun", "Shared rare contacts", 1.3 - index * 0.4, t("Une famille peut appeler plusieurs détenus.", "A family may call several inmates."), t("Numéros autorisés", "Listed numbers")),
        finding("Présence au même moment", "There at the same time", 0.9 - index * 0.6, t("Les mouvements sont notés au jour.", "Moves are recorded by the day."), t("Mouvements d'écrou", "Custody moves")),
      ],
    })),
    { inmate: null, name: null, cell: null, probability: 1 - spread.reduce((a, b) => a + b, 0), log10_lr: -0.2, verbal: t("ne départage pas", "doesn't tell apart"), findings: [] },
  ];
  const list = findings(random, row.log10_lr);
  return {
    row, other_imeis: row.cloned ? [`35${random.digits(13)}`, `35${random.digits(13)}`] : [], prior_log10_odds: -0.4, posterior_log10_odds: row.log10_lr - 0.4,
    verbal: row.log10_lr > 3 ? t("soutient fortement", "strong support") : row.log10_lr > 1 ? t("soutient modérément", "moderate support") : t("ne départage guère", "hardly tells apart"),
    findings: list, activity: activity(random, row), cards: cards(random, row), sectors: sectors(random, dot, 6).map((each, index) => ({ ...each, events: Math.round(row.events * [0.5, 0.28, 0.14, 0.05, 0.02, 0.01][index]), share: [0.5, 0.28, 0.14, 0.05, 0.02, 0.01][index] })),
    holders, segments: segments(random, row, holders),
    would_change: [
      t("Si l'opérateur Cosmo montre cet IMEI hors du secteur la nuit, la conclusion tombe.", "If operator Cosmo shows this IMEI outside the sector at night, the conclusion falls."),
      t("Si le relevé refait à l'intérieur ne trouve plus l'antenne principale, son poids est divisé par dix.", "If a new survey inside no longer finds the main sector, its weight falls tenfold."),
    ],
    reviews: row.decision ? [{ by: "C. Vasseur", at: "2026-09-01T15:20:00Z", decision: row.decision, reason: "Vu avec la carte et les heures ; concordant." }] : [],
    propositions: {
      kept: t(`Le téléphone est détenu à l'intérieur de ${dot.name}.`, `The handset is kept inside ${dot.name}.`),
      elsewhere: t(`Le téléphone est gardé ailleurs, près de ${dot.name}.`, `The handset is kept elsewhere, near ${dot.name}.`),
    },
  };
}

export function facilityPage(world, id) {
  const dot = world.byId.get(id);
  if (!dot) return null;
  const random = draws(seedOf(id));
  const inCells = new Map();
  for (const row of world.rows) if (row.facility === id && row.cell) inCells.set(row.cell, [...(inCells.get(row.cell) ?? []), { handset: row.handset, probability: row.cell_probability }]);
  const per = Math.floor(dot.cells / 9);
  const wings = ["A", "B", "C"].map((wing) => ({
    wing,
    floors: [1, 2, 3].map((floor) => ({
      floor: String(floor),
      cells: Array.from({ length: per }, (_, index) => {
        const cell = `${wing}${floor}${String(index + 1).padStart(2, "0")}`;
        const handsets = (inCells.get(cell) ?? []).sort((a, b) => b.probability - a.probability);
        const expected = handsets.reduce((sum, each) => sum + each.probability, 0);
        return { cell, capacity: 2, held: random.whole(0, 3), expected, planned: expected > 0.45, searched: random.chance(0.03) ? "2026-06-11T05:00:00Z" : null, found: random.chance(0.01) ? 1 : 0, handsets };
      }),
    })),
  }));
  const at = (month, day, hour = 8) => iso(Date.UTC(2026, month - 1, day, hour));
  return {
    dot, outline: outline(dot, random), timezone: "Europe/Paris", surveyed: random.chance(0.8), wings,
    timeline: [
      { kind: "survey", from: at(5, 4), to: at(5, 5), label: t("Relevé radio des trois ailes", "Radio survey of the three wings") },
      { kind: "sensor", from: at(5, 20), to: at(8, 20), label: t("Capteur B-2, aile B", "Sensor B-2, wing B") },
      { kind: "jamming", from: at(6, 2), to: at(6, 16), label: t("Brouillage de l'aile B", "Jamming of wing B") },
      { kind: "jamming", from: at(7, 6), to: at(7, 12), label: t("Brouillage de l'aile A", "Jamming of wing A") },
      { kind: "jamming", from: at(8, 2), to: null, label: t("Brouillage de l'aile C", "Jamming of wing C") },
      { kind: "outage", from: at(7, 2), to: at(7, 4), label: t("Panne de l'opérateur Bravo", "Outage of operator Bravo") },
      { kind: "search", from: at(6, 11), to: null, label: t("Fouille de 9 cellules", "Search of 9 cells") },
      { kind: "seizure", from: at(6, 11, 10), to: null, label: t("2 téléphones saisis", "2 phones seized") },
      { kind: "ingress", from: at(7, 25), to: null, label: t("Projection par drone signalée", "Drone delivery reported") },
    ],
    sectors: sectors(random, dot, 20).map((each) => ({ ...each, survey_share: each.inside ? random.between(0.1, 0.6) : null })),
  };
}

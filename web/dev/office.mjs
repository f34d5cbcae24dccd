// The rest of the made-up office: plan, imports, custody, register, people, audit, the day's wall.
import { draws } from "./random.mjs";

const t = (fr, en) => ({ fr, en });
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

const named = ["cells", "facilities", "waves"];

/** What the server makes of limits that a page sets: those over what the text says; the text then says all of them. */
export function limitsOf(asked) {
  const said = (name) => { const found = new RegExp(`^${name} = (\\d+)$`, "m").exec(asked.raw ?? ""); return found ? Number(found[1]) : null; };
  const limits = { cells: said("cells"), facilities: said("facilities"), cells_each: said("cells_per_facility"), teams: said("count") ?? 0, hours: (said("to_minute") ?? 0) / 60, waves: said("waves") ?? 0, ...asked };
  const lines = [...named.map((name) => [name, limits[name]]), ["cells_per_facility", limits.cells_each]].filter(([, value]) => value).map(([name, value]) => `${name} = ${value}\n`);
  const teams = limits.teams ? `\n[[teams]]\nname = "team"\ncount = ${limits.teams}\n${limits.hours ? `to_minute = ${Math.round(limits.hours * 60)}\n` : ""}` : "";
  return { ...limits, raw: lines.join("") + teams };
}

export const defaultLimits = { cells: 1500, facilities: null, cells_each: 60, teams: 2, hours: 2, waves: 1, raw: "cells = 1500\ncells_per_facility = 60\nwaves = 1\n\n[[teams]]\nname = \"team\"\ncount = 2\nto_minute = 120\n" };

const gain = (sum, cells) => sum * 0.86 * (1 - Math.exp(-cells / 1900));

export function planFor(world, limits, kept) {
  const able = Math.min(limits.cells ?? 6000, (limits.teams || 40) * 60 * (limits.hours || 2) * 9 * (limits.waves || 1));
  const sites = [...world.dots].sort((a, b) => b.expected - a.expected).slice(0, limits.facilities ?? world.dots.length);
  const sum = sites.reduce((total, dot) => total + dot.expected, 0);
  const by = sites.map((dot) => {
    const cells = Math.min(limits.cells_each ?? 1e9, dot.cells, Math.round((able * dot.expected) / sum));
    return { facility: dot.id, name: dot.name, cells, expected: (gain(world.sum, able) * dot.expected) / world.sum, teams: Math.max(1, Math.round(cells / 12)) };
  });
  const cells = by.reduce((total, each) => total + each.cells, 0);
  const expected = by.reduce((total, each) => total + each.expected, 0);
  const random = draws(11);
  return {
    id: kept ?? null, made_at: "2026-09-02T08:10:00Z", by: kept ? "C. Vasseur" : null, approved_by: null, approved_at: null, released: false, release_at: kept ? "2026-09-09T03:00:00Z" : null,
    limits, cells, facilities: by.length, expected, low: expected * 0.9, high: expected * 1.09, expected_found: expected * 0.78, value: expected, bound: expected * 1.013, gap: 0.013, random: expected * 0.19, own_lists: expected * 0.31,
    curve: Array.from({ length: 30 }, (_, index) => ({ cap: index * 200, expected: gain(sum, index * 200) })),
    facility_curve: world.dots.map((_, index) => ({ cap: index + 1, expected: gain(sum, cells) * (1 - Math.exp(-(index + 1) / 19)) * 1.03 })),
    prices: [
      { limit: t("100 cellules de plus", "100 more cells"), gain: 29.4 }, { limit: t("10 équipes de plus", "10 more teams"), gain: 21.1 },
      { limit: t("Une demi-heure de plus", "Half an hour more"), gain: 17.8 }, { limit: t("Une deuxième vague", "A second wave"), gain: 12.2 }, { limit: t("10 cellules de plus par établissement", "10 more cells per facility"), gain: 3.1 },
    ],
    by_facility: by,
    rows: by.slice(0, 8).flatMap((each) => Array.from({ length: Math.min(each.cells, 12) }, (_, index) => ({
      facility: each.facility, cell: `B2${String(index + 1).padStart(2, "0")}`, wave: 1, team: `E${1 + (index % each.teams)}`,
      start: iso(Date.UTC(2026, 8, 9, 4, index * 7)), minutes: 12, detector: random.pick(["NLJD", "RF", "K9"]), expected: random.between(0.2, 1.6),
    }))),
  };
}

/** Two plans side by side: a few cells are in one of them alone. */
export function comparison(one, other) {
  const part = (plan, id) => plan.by_facility.find((each) => each.facility === id) ?? null;
  const alone = (these, those) => Array.from({ length: Math.min(4, Math.max(0, (these?.cells ?? 0) - (those?.cells ?? 0))) }, (_, index) => ({ cell: `C1${String(index + 1).padStart(2, "0")}`, expected: 0.9 - index / 5 }));
  const ids = [...new Set([...one.by_facility, ...other.by_facility].map((each) => each.facility))];
  const names = ["cells", "cells_each", "facilities", "waves"].filter((name) => one.limits[name] !== other.limits[name]);
  return {
    one, other, closed: 1, limits: names.map((limit) => ({ limit, one: one.limits[limit] === null ? null : String(one.limits[limit]), other: other.limits[limit] === null ? null : String(other.limits[limit]) })),
    facilities: ids.slice(1).map((facility) => {
      const [first, second] = [part(one, facility), part(other, facility)];
      return { facility, name: (first ?? second).name, one: first, other: second, only_one: alone(first, second), only_other: alone(second, first) };
    }),
  };
}

export const importsPage = () => ({
  imports: [
    ["i9", "alpha_2026-05_08.csv.zst", "records", 61_204_118, 1_904, false], ["i8", "bravo-cdr.parquet", "records", 48_911_002, 22, false],
    ["i7", "cosmo_reponse.xlsx", "records", 9_120_441, 40_112, false], ["i6", "antennes.csv", "sectors", 212_004, 14, false],
    ["i5", "etablissements.csv", "facilities", 66, 0, false], ["i4", "ecrou.csv", "roster", 81_240, 3, false],
    ["i3", "renseignement.csv", "known_devices", 118, 0, true], ["i2", "carnet-de-commandes.xlsx", "ledger", 41_260, 88, false],
  ].map(([id, file, table, rows, rejected, restricted], index) => ({ id, file, table, rows, rejected: rejected ? { "imei: check digit": rejected } : {}, restricted, at: iso(Date.UTC(2026, 7, 30 - index, 9, 12)), by: "C. Vasseur", authority: index < 3 ? "2026-JI-118" : null, digest: "b1946ac9".repeat(8) })),
});

export const jobsList = () => [
  { id: 4, kind: "import", share: 0.62, doing: "reading records", state: "running", detail: null },
  { id: 3, kind: "trace", share: 1, doing: "done", state: "done", detail: null },
  { id: 2, kind: "import", share: 0.1, doing: "reading", state: "failed", detail: "cosmo_reponse.csv, line 1: no column holds the IMEI; map it with a profile." },
];

export function qualityPage() {
  const random = draws(5);
  const days = [];
  for (let day = 0; day < 120; day += 1) {
    for (const [operator, usual] of [["Alpha", 510_000], ["Bravo", 408_000], ["Cosmo", 76_000]]) {
      const gap = operator === "Bravo" && day >= 62 && day < 65;
      days.push({ day: iso(Date.UTC(2026, 4, 1 + day)).slice(0, 10), operator, technology: "4G", records: gap ? 0 : Math.round(usual * random.between(0.85, 1.12)), gap });
    }
  }
  return {
    tables: [
      { table: "records", files: 3, rows: { read: 119_277_599, kept: 119_235_561, rejected: { "imei: check digit": 31_204, "time: unreadable": 9_912, "sector: unknown": 922 }, doubts: { "time: in the repeated hour": 4_410 } }, blanks: { imei: 1_204_118, peer: 88_120_004 } },
      { table: "sectors", files: 1, rows: { read: 212_018, kept: 212_004, rejected: { "lat: out of range": 14 }, doubts: {} }, blanks: { azimuth: 1_204 } },
      { table: "roster", files: 1, rows: { read: 81_243, kept: 81_240, rejected: { "cell: unknown": 3 }, doubts: {} }, blanks: {} },
    ],
    days, covers: [{ authority: "2026-JI-118", files: 3, records: 119_235_561, from: "2026-05-01T00:00:00Z", to: "2026-08-28T23:59:59Z" }],
    remarks: [
      { code: "days-missing", count: 3, what: t("jours sans relevés chez Bravo, du 2 au 4 juillet", "days without records at Bravo, 2 to 4 July"), meaning: t("Le silence d'un téléphone ces jours-là ne compte pas.", "A handset's silence on those days does not count.") },
      { code: "imei-shared", count: 214, what: t("IMEI portés par plusieurs téléphones à la fois", "IMEIs carried by several handsets at once"), meaning: t("Ils sont suivis ligne par ligne, et marqués comme clonés.", "They are followed line by line, and marked as cloned.") },
      { code: "clock", count: 1, what: t("opérateur dont l'horloge avance de 41 s", "operator whose clock is 41 s fast"), meaning: t("Corrigé à la fusion ; aucun effet attendu.", "Corrected at the merge; no effect expected.") },
    ],
  };
}

const exhibitStates = ["found", "sealed", "sealed", "open"];
export const custodyPage = (world) => ({
  exhibits: Array.from({ length: 42 }, (_, index) => ({
    item: `2026-0${String(409 + index)}`, kind: index % 5 ? t("Téléphone", "Phone") : t("Carte SIM", "SIM card"), facility: world.dots[index % 9].id, cell: `B2${String(1 + (index % 30)).padStart(2, "0")}`,
    found_at: iso(Date.UTC(2026, 5, 11, 5, index * 3)), holder: index % 3 ? "Greffe de Valmont" : "Lt. Perrin", seal: `S-${88_120 + index}`, state: exhibitStates[index % 4], breaks: index === 6 ? 2 : 0,
  })),
});

export const exhibitPage = (item) => ({
  events: [
    { at: "2026-06-11T05:18:00Z", by: "Lt. Perrin", what: t("Trouvé, cellule B207, sous le matelas", "Found, cell B207, under the mattress") },
    { at: "2026-06-11T05:21:00Z", by: "Lt. Perrin", what: t(`Placé sous scellé S-88126 (${item})`, `Sealed as S-88126 (${item})`) },
    { at: "2026-06-11T09:40:00Z", by: "A. Roux", what: t("Reçu au greffe, scellé intact", "Received at the registry, seal intact") },
    { at: "2026-06-14T08:05:00Z", by: "Lab. Nord", what: t("Reçu au laboratoire", "Received at the laboratory") },
  ],
  breaks: item.endsWith("415") ? [t("la remise reçue n'est pas enregistrée", "no hand-over 2026-h3 was entered"), t("remettant et destinataire n'ont pas lu les mêmes scellés", "seal S-88216 stands on one side of the hand-over only")] : [],
});

export const registerPage = (world) => ({
  rows: world.dots.slice(0, 24).flatMap((dot, site) => Array.from({ length: 18 }, (_, month) => {
    const count = Math.round(dot.expected * 0.1 * (1 + Math.sin((month + site) / 3) * 0.5) + (month % 3));
    return { month: iso(Date.UTC(2025, 1 + month, 1)).slice(0, 7), facility: dot.id, finds: Math.round(count * 0.7), items: count };
  })),
});

export const authoritiesPage = () => ({
  authorities: [
    { reference: "2026-JI-118", kinds: ["records", "search"], by: ["Mme Lenoir, juge d'instruction"], until: "2026-09-08T22:00:00Z", imports: 3, lapsed: false },
    { reference: "2026-PR-044", kinds: ["disclosure"], by: ["Parquet de Valmont"], until: "2026-12-31T00:00:00Z", imports: 0, lapsed: false },
    { reference: "2025-JI-902", kinds: ["real_time_location"], by: ["M. Adler, juge d'instruction"], until: "2026-03-01T00:00:00Z", imports: 1, lapsed: true },
  ],
});

export const peoplePage = (accounts) => ({ people: accounts.map((each) => ({ ...each.person, sign_in: each.login, disabled: each.disabled ?? false })) });

/** One log's entries, the latest first; what was done carries other numbers than who looked. */
export function auditPage(log, before) {
  const custody = log === "custody";
  const whats = custody ? ["plan.approved", "import.done", "review.made", "run.done"] : ["consulted.explain", "consulted.facility", "consulted.devices"];
  const start = before ?? (custody ? 90 : 150);
  const entries = Array.from({ length: Math.min(100, start) }, (_, index) => {
    const n = start - index - 1;
    return { n, at: iso(Date.UTC(2026, 8, 2, 8, 14) - (240 - n) * 371_000), who: ["C. Vasseur", "N. Lenoir", "P. Adam"][n % 3], what: whats[n % whats.length], refs: custody ? [] : ["handset/x4f1c09aa2be7"], reason: custody ? null : "Préparation de l'opération", log };
  });
  return { entries, next: start > 100 ? start - 100 : null };
}

/** A phone's name on the day, as long as they are. */
const DEVICE = "5e14f98423ac3d1a59e544ab1208e01a4c77d0b2";
const PHONES = [1, 2, 3, 4, 5].map((n) => `d${String(n).repeat(4)}f98423ac3d1a59e544ab1208e01a`);

export function wallPage(world, opened) {
  const random = draws(3);
  const now = Date.now();
  const states = ["nothing", "found", "nothing", "open", "waiting", "waiting", "could_not", "nothing", "referred"];
  const sites = world.dots.slice(0, 24).map((dot, site) => {
    const list = Array.from({ length: 18 + (site % 5) * 6 }, (_, index) => {
      const state = site === 3 ? "waiting" : index === 5 && site === 1 ? "conflict" : random.pick(states);
      return { cell: `B${1 + (index % 3)}${String(index + 1).padStart(2, "0")}`, state, team: site === 0 && index === 0 ? null : `E${1 + (index % 4)}`, found: state === "found" ? random.whole(1, 3) : 0, expected: random.between(0.2, 1.4), start: iso(now - 3_000_000 + index * 300_000) };
    });
    const done = list.filter((each) => ["nothing", "found", "could_not", "referred", "conflict"].includes(each.state)).length;
    return {
      facility: dot.id, name: dot.name, lat: dot.lat, lon: dot.lon, cells: list.length, done, started: done + list.filter((each) => each.state === "open").length,
      found: list.reduce((sum, each) => sum + each.found, 0), expected: list.reduce((sum, each) => sum + each.expected, 0), silent_minutes: site === 3 ? 34 : site === 8 ? 12 : random.whole(0, 2),
      teams: Array.from({ length: 4 }, (_, index) => ({ team: `E${index + 1}`, at: list[index]?.cell ?? null, unsent: site === 3 ? null : random.whole(0, 3), clock_error_s: index === 2 ? 74 : random.whole(-2, 2), last_seen: site === 3 ? iso(now - 34 * 60_000) : iso(now - 30_000) })),
      cells_list: list,
    };
  });
  return {
    day: { operation: "Grand Calme", opened, closed: null }, sites,
    finds: Array.from({ length: 14 }, (_, index) => ({ at: iso(now - index * 97_000), facility: sites[index % 7].facility, cell: `B2${String(3 + index).padStart(2, "0")}`, kind: index === 1 ? "sim" : "phone", class: index === 1 ? "not_applicable" : index % 3 ? "mini" : "smart", item: `${DEVICE}-i${14 - index}` })),
    flags: [
      { text: t("Deux équipes disent autre chose de la cellule B106.", "Two teams say different things about cell B106."), at: iso(now - 240_000) },
      { text: t(`Entrée ${DEVICE}:31 mise à part : elle a une signature fausse`, `Entry ${DEVICE}:31 was set apart: it has a signature that doesn't fit`), at: iso(now - 300_000) },
      ...[310_000, 420_000, 560_000].map((before) => ({ text: t("horloge jamais mesurée (agent M-0007)", "a clock that was never measured (officer M-0007)"), at: iso(now - before) })),
    ],
    announcements: [{ at: iso(now - 1_500_000), text: "Départ de la première vague." }],
    distress: [{ event: `${PHONES[1]}:14`, at: iso(now - 60_000), facility: sites[2].facility, cell: "B104", team: "E2", device: PHONES[1], seen: false }],
    open: [
      { text: t(`Appel à l'aide ${PHONES[1]}:14 : pas encore vu au poste de commandement`, `Call for help ${PHONES[1]}:14 hasn't been seen at the command post`), team: null },
      { text: t(`Téléphone ${PHONES[2]} : pas encore terminé, 3 entrées manquent`, `Phone ${PHONES[2]} hasn't ended; 3 entries are missing`), team: "E3" },
    ],
    open_count: 2,
  };
}

/** The day's report, as far as the wall shows it. */
export function dayReport({ sites }) {
  const phone = (post, more = {}) => ({ post, replaces: [], revoked: null, lost: null, entries: 20, missing: [], complete: false, heard: iso(Date.now() - 30_000), unsent: 0, ...more });
  return {
    lang: "en",
    report: {
      devices: {
        [PHONES[0]]: phone({ team: "E1" }), [PHONES[1]]: phone({ team: "E2" }), [PHONES[2]]: phone({ team: "E3" }, { missing: [[4, 5], [9, 9]], unsent: 1 }),
        [PHONES[3]]: phone({ desk: sites[0].facility }, { revoked: iso(Date.now() - 600_000), heard: null }), [PHONES[4]]: phone(null),
      },
    },
  };
}

const audience = (to) => to === "all" || typeof to?.site === "string" || typeof to?.team === "string";
const text = (said) => typeof said === "string" && said.trim() !== "";

/** Whether a word of command is one that the day's protocol knows. */
export function isCommand(what) {
  const { kind, ...rest } = what ?? {};
  const checks = { announced: { to: audience, text }, aborted: { scope: audience, why: text }, seen: { about: text }, revoked: { device: text, why: text }, lost: { device: text }, closed: {}, replanned: { site: text, number: Number.isInteger, cells: Array.isArray, why: text } };
  const known = checks[kind];
  return known !== undefined && Object.keys(rest).length === Object.keys(known).length && Object.entries(known).every(([name, check]) => check(rest[name]));
}

/** The first sites' next cells turned round, the last of them dropped. */
export function anewPage({ sites }) {
  const waiting = (site) => site.cells_list.filter((cell) => cell.state === "waiting").slice(0, 4);
  return {
    searches: 183, found: 41, expected: 38.6,
    sites: sites.slice(0, 3).map((site) => ({
      facility: site.facility, number: 1, cells: [],
      changes: waiting(site).map((cell, index, all) => ({
        cell: cell.cell, before: { team: cell.team, turn: index + 1 }, expected_before: cell.expected,
        after: index === 3 ? null : { team: cell.team, turn: all.length - index }, expected_after: index === 3 ? null : cell.expected * 1.3,
        must: index === 3 && site === sites[0],
      })),
    })),
  };
}

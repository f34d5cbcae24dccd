// Made-up studies: every kind of value and drawing that the real ones have.
import { draws } from "./random.mjs";

const t = (fr, en) => ({ fr, en });
const same = (text) => t(text, text);
const words = (fr, en) => ({ Words: t(fr, en) });
const name = (Name) => ({ Name });
const axis = (fr, en, ticks) => ({ label: t(fr, en), ticks });
const part = (title, more) => ({ title, said: [], table: null, figures: [], notes: [], ...more });
const interval = t("95\u202f%", "95%");
const wilson = t("Wilson à 95\u202f%, par établissement.", "Wilson at 95%, by facility.");
const said = (fr, en, method = wilson) => ({ plain: t(fr, en), method });
const bar = (Name, value, reach) => ({ name: Name, value, low: value - reach, high: value + reach });
const shareRow = (Name, value, reach) => [{ Words: Name }, { Share: value }, { Shares: [value - reach, value + reach] }];
const facilities = Array.from({ length: 40 }, (_, index) => `F${String(index + 1).padStart(3, "0")}`);

function jamming(random) {
  const weeks = Array.from({ length: 17 }, (_, index) => {
    const value = (index < 8 ? 0 : -0.46) + random.normal() * 0.05;
    return { week: index - 8, value, low: value - 0.12, high: value + 0.13 };
  });
  const places = [[t("là où l’on brouille", "where it is jammed"), -0.46], [t("autres technologies", "other technologies"), 0.08], [t("autres ailes", "other wings"), 0.03], [t("riverains, hors les murs", "those who live around"), -0.01], [t("brouillé, 21–5 h UTC", "jammed, 21–5 UTC"), -0.52]];
  return [
    part(t("Le brouillage marche-t-il\u00a0?", "Does jamming work?"), {
      said: [said("Le brouillage fait taire 46\u202f% (de 35\u202f% à 57\u202f%) des téléphones à l’intérieur.", "Jamming silences 46% (from 35% to 57%) of the handsets inside.", t("Différence de différences sur un panel jour par jour, grappes par établissement, 999 permutations.", "Difference in differences over a panel day by day, clustered by facility, 999 permutations."))],
      table: { head: [t("établissement", "facility"), t("jours brouillés", "days jammed"), t("entendus", "heard"), t("attendus", "expected"), t("variation", "change")], rows: [["F004", 41, 1204, 2219, -0.457], ["F011", 28, 310, 602, -0.485]].map(([id, days, heard, expected, change]) => [name(id), { Count: days }, { Number: [heard, 0] }, { Number: [expected, 0] }, { Share: change }]) },
      notes: [t("Un établissement seul n’a pas d’intervalle qui tienne.", "One facility alone has no interval that would hold.")],
    }),
    part(t("Semaine par semaine", "Week by week"), {
      figures: [{ Plot: { title: t("Activité contre l’attendu, avant et après le début du brouillage (semaine 0)", "Activity against what was expected, before and after jamming began (week 0)"), x: axis("semaines depuis le début", "weeks since it began", "Numbers"), y: axis("variation", "change", "Shares"), marks: [{ Across: 0 }, { Upright: -0.5 }, ...weeks.map(({ week, value, low, high }) => ({ Point: { x: week, y: [value, low, high], stands_out: high < 0 || low > 0, name: `${week}: ${Math.round(value * 100)} %` } }))] } }],
      table: { head: [t("semaine", "week"), t("variation", "change"), interval, same("sites")], rows: weeks.map(({ week, value, low, high }) => [{ Number: [week, 0] }, { Share: value }, { Shares: [low, high] }, { Count: 12 }]) },
    }),
    part(t("Où va l’activité\u00a0?", "Where does the activity go?"), {
      said: [said("Chez les riverains, rien ne se voit (de −9\u202f% à 7\u202f%).", "Among those who live around, nothing shows (from −9% to 7%).")],
      figures: [{ Forest: { title: t("Variation de l’activité, avec son intervalle", "Change of activity, with its interval"), measure: t("variation", "change"), ticks: "Shares", reference: 0, bars: places.map(([place, value]) => bar(place, value, 0.09)) } }],
      table: { head: [t("où", "where"), t("variation", "change"), interval, same("p")], rows: [...places.map(([place, value]) => [...shareRow(place, value, 0.09), { Number: [0.004, 3] }]), [words("brouillé, 5G", "jammed, 5G"), "Blank", "Blank", "Blank"]] },
    }),
  ];
}

function detectors() {
  const found = [["nonlinear_junction", "mini", 21, 15], ["nonlinear_junction", "larger", 18, 16], ["handheld_metal", "mini", 14, 6], ["handheld_metal", "larger", 36, 28], ["visual", "mini", 24, 5], ["rf_handheld", "larger", 15, 8]];
  const method = t("Bêta-binomiale hiérarchique par détecteur ; intervalle à 95\u202f% d’un cas nouveau.", "Hierarchical beta-binomial by detector; 95% interval for a new combination.");
  return [
    part(t("Ce que trouve chaque détecteur", "What each detector finds"), {
      said: [...found.slice(0, 4).map(([detector, , lay, got]) => said(`«\u00a0${detector}\u00a0» a trouvé ${got} des ${lay} téléphones qui étaient là.`, `“${detector}” found ${got} of the ${lay} handsets that were there.`, method)), said("dog : il n’y a pas de quoi le dire. Il faudrait : 10 observations (il y en a 9).", "dog: There is not enough to tell. It would take: 10 observations (there are 9).")],
      figures: [{ Forest: { title: t("Chance de trouver ce qui est là", "Chance of finding what lies there"), measure: same("chance"), ticks: "Shares", reference: null, bars: found.map(([detector, kind, lay, got]) => bar(same(`${detector} · ${kind}`), got / lay, 0.9 / Math.sqrt(lay))) } }],
      table: { head: [t("détecteur", "detector"), t("type", "class"), t("là", "lay there"), t("trouvés", "found"), same("chance"), interval], rows: found.map(([detector, kind, lay, got]) => [name(detector), name(kind), { Count: lay }, { Count: got }, { Share: got / lay }, { Shares: [got / lay - 0.2, Math.min(1, got / lay + 0.2)] }]) },
    }),
  ];
}

/** A funnel: each facility's rate against its size, within limits. */
function funnel(random, title) {
  const mean = 2.6;
  const rows = facilities.map((id) => ({ id, size: random.between(0.8, 9), rate: Math.max(0.1, mean + random.normal() * 0.7) })).sort((a, b) => a.size - b.size);
  rows[rows.length - 4].rate = 9.8;
  const limit = (z) => ({ Line: { points: rows.map(({ size }) => [size, Math.max(0, mean + z * Math.sqrt(mean / size))]), dashed: true } });
  const point = ({ id, size, rate }) => ({ Point: { x: size, y: [rate, rate * 0.7, rate * 1.4], stands_out: Math.abs(rate - mean) > 3.1 * Math.sqrt(mean / size), name: `${id}: ${rate.toFixed(1)}` } });
  return {
    figure: { Plot: { title, x: axis("centaines de détenus-années", "hundreds of inmate-years", "Numbers"), y: axis("par an et 100 détenus", "per 100 inmates and year", "Numbers"), marks: [{ Across: mean }, limit(-1.96), limit(1.96), limit(-3.09), limit(3.09), ...rows.map(point)] } },
    table: { head: [t("établissement", "facility"), t("saisies", "finds"), t("par an et 100 détenus", "per 100 inmates and year"), interval, same("")], rows: rows.map(({ id, size, rate }) => [name(id), { Count: Math.round(size * rate) }, { Number: [rate, 1] }, { Between: [rate * 0.7, rate * 1.4, 1] }, rate > 6 ? words("nettement plus", "far above") : words("dans les limites", "within")]) },
  };
}

function routes(random) {
  const ways = [[t("lancer", "throw"), 0.26], [same("drone"), 0.11], [t("personnel", "staff"), 0.13], [t("visiteur", "visitor"), 0.14], [t("colis", "parcel"), 0.12], [t("inconnue", "unknown"), 0.24]];
  const disc = (id) => { const value = random.whole(1, 60); return { Disc: { at: [random.between(-3, 5), random.between(43, 50)], value, name: `${id}: ${value}` } }; };
  return [
    part(t("Par où entrent les téléphones", "How phones come in"), {
      said: [said("Sur 314 téléphones : lancer 26\u202f% (de 23\u202f% à 30\u202f%), inconnue 24\u202f%.", "Of 314 handsets: throw 26% (from 23% to 30%), unknown 24%.", t("Mélange ajusté par EM ; intervalles par rééchantillonnage des établissements.", "Mixture fitted by EM; intervals by resampling facilities."))],
      figures: [{ Forest: { title: t("Part de chaque voie", "Share of each route"), measure: t("part", "share"), ticks: "Shares", reference: null, bars: ways.map(([way, value]) => bar(way, value, 0.04)) } }],
      table: { head: [t("voie", "route"), t("part", "share"), interval], rows: ways.map(([way, value]) => shareRow(way, value, 0.04)) },
    }),
    part(t("Points chauds", "Hot spots"), {
      said: [said("4,2 entrées constatées par an et 100 détenus ; nettement plus qu’ailleurs : F037.", "4.2 recorded ingresses a year per 100 inmates; clearly more than elsewhere: F037.")],
      figures: [{ Plot: { title: t("Entrées constatées, par établissement", "Recorded ingress, by facility"), x: axis("ouest – est", "west – east", "None"), y: axis("", "", "None"), marks: facilities.map(disc) } }, funnel(random, t("Entonnoir", "Funnel")).figure],
    }),
  ];
}

function operation(random) {
  const steps = Array.from({ length: 30 }, (_, index) => [index + 1, Math.exp(-(index + 1) / 9)]);
  const tenths = Array.from({ length: 10 }, (_, index) => ({ expected: (index + 1) * 3.1, found: Math.round((index + 1) * 2.8 + random.normal() * 2) }));
  return [
    part(t("Trouvés contre attendus", "Found against expected"), {
      said: [said("Le plan attendait 170 téléphones, 158 ont été trouvés (de 134 à 184).", "The plan expected 170 phones, 158 were found (from 134 to 184).")],
      figures: [{ Plot: { title: t("Trouvés contre attendus, par dixième des cellules", "Found against expected, by tenths of the cells"), x: axis("attendus", "expected", "Numbers"), y: axis("trouvés", "found", "Numbers"), marks: [{ Line: { points: [[0, 0], [31, 31]], dashed: true } }, ...tenths.map(({ expected, found }, index) => ({ Point: { x: expected, y: [found, found * 0.7, found * 1.35], stands_out: index === 8, name: `${index + 1}: ${found} / ${expected.toFixed(1)}` } }))] } }],
      table: { head: [t("où", "where"), t("fouilles", "searches")], rows: [] },
    }),
    part(t("Combien de temps cela reste calme", "How long it stays quiet"), {
      said: [said("L’activité était revenue dans la moitié des établissements après 6 (de 4 à 9) jours.", "Activity was back at half of the facilities after 6 (from 4 to 9) days.", t("Kaplan–Meier, 30 silences, 30 vus finir.", "Kaplan–Meier, 30 silences, 30 seen to end."))],
      figures: [{ Plot: { title: t("Part des établissements encore silencieux", "Share of facilities still quiet"), x: axis("jours depuis la fouille", "days since the search", "Numbers"), y: axis("part", "share", "Shares"), marks: [{ Band: { points: steps.map(([days, share]) => [days, Math.max(0, share - 0.15), Math.min(1, share + 0.15)]) } }, { Line: { points: [[0, 1], ...steps], dashed: false } }] } }],
    }),
  ];
}

const tooLittle = (fr, en, method) => said(`Il n’y a pas de quoi le dire. Il faudrait\u00a0: ${fr}.`, `There is not enough to tell. It would take: ${en}.`, method ?? t("En dessous, l’intervalle n’a pas le niveau qu’il annonce.", "Below that, the interval does not have the level that it claims."));

function register(random) {
  const { figure, table } = funnel(random, t("Entonnoir\u00a0: limites à 95 et 99,8\u202f%", "Funnel: limits at 95 and 99.8%"));
  return [part(t("Saisies, du 6 mai 2024 au 30 avril 2025", "Confiscations, 6 May 2024 to 30 April 2025"), { said: [said("2,6 saisies par an et 100 détenus ; nettement plus qu’ailleurs : F037.", "2.6 finds a year per 100 inmates; clearly more than elsewhere: F037.")], figures: [figure], table })];
}

const searches = () => [part(t("Les fouilles", "Searches"), {
  said: [said("496 fouilles sur 12\u202f323 ont trouvé un téléphone (de 3,7\u202f% à 4,4\u202f%).", "496 of 12,323 searches found a phone (from 3.7% to 4.4%).")],
  table: { head: [same(""), t("valeur", "value"), interval, t("public, mai 2025", "public, May 2025")], rows: [[words("téléphones par fouille", "phones a search"), { Number: [0.04, 2] }, { Between: [0.04, 0.05, 2] }, { Number: [0.45, 2] }]] },
})];

const model = () => [
  part(t("Présence\u00a0: ce que coûtent les poids", "Presence: what the weights cost"), { said: [tooLittle("20 cas de chaque vérité (il y en a 0)", "20 cases of each truth (there are 0)")] }),
  part(t("Qui est listé à tort", "Who is listed in error"), {
    said: [said("Rien ne montre qu’une catégorie soit listée à tort plus souvent.", "No class of people is shown to be listed in error more often.")],
    figures: [{ Forest: { title: t("Part des téléphones listés à tort, par catégorie", "Share of handsets listed in error, by class"), measure: t("part", "share"), ticks: "Shares", reference: null, bars: [{ name: same("official"), value: 0, low: 0, high: 0.013 }, { name: same("staff"), value: 0, low: 0, high: 0.004 }] } }],
    notes: [t("La vérité vient des saisies et des téléphones déclarés.", "The truth comes from finds and from declared handsets.")],
  }),
];

const studies = {
  jamming: [t("Le brouillage", "Jamming"), jamming], detectors: [t("Les détecteurs", "Detectors"), detectors], routes: [t("Les voies d’entrée", "Routes"), routes],
  operation: [t("Ce que l’opération a donné", "What the operation brought"), operation], register: [t("Le registre des saisies", "The register of confiscations"), register],
  searches: [t("Les fouilles", "Searches"), searches], model: [t("La méthode elle-même", "The method itself"), model],
};

/** A study by its word; null where there is none. */
export function studyPage(word) {
  const [title, parts] = studies[word] ?? [];
  return parts ? { title, about: t("Dossier grand-calme · 2026-09-02 08:10 UTC · cellsweep 0.9.0", "Case grand-calme · 2026-09-02 08:10 UTC · cellsweep 0.9.0"), exercise: true, parts: parts(draws(23)) } : null;
}

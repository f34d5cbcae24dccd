// The ground around one facility: its outline and the sectors that look over it.

const METRES_PER_DEGREE = 111195;

/** Places as metres east and south of a facility's middle. */
const plane = (centre) => {
  const narrow = Math.cos(radians(centre.lat));
  return (place) => [
    (place.lon - centre.lon) * narrow * METRES_PER_DEGREE,
    (centre.lat - place.lat) * METRES_PER_DEGREE,
  ];
};

/** A wedge from the antenna towards its azimuth, or a disc for one that looks all around. */
const wedge = (sector, length) => {
  if (sector.azimuth_deg === null) return s("circle", { r: length * 0.7 });
  const half = Math.min(sector.beamwidth_deg ?? 65, 350) / 2;
  const at = (degrees) => {
    const angle = radians(sector.azimuth_deg + degrees);
    return `${(length * Math.sin(angle)).toFixed(1)} ${(-length * Math.cos(angle)).toFixed(1)}`;
  };
  return s("path", { d: `M0 0L${at(-half)}A${length} ${length} 0 ${half > 90 ? 1 : 0} 1 ${at(half)}Z` });
};

const sectorMark = (entry, project, length) => {
  const [x, y] = project(entry.sector.place);
  const words = sectorWords(entry);
  const node = s("g", { class: entry.inside ? "sector inside" : "sector" },
    s("title", {}, words), wedge(entry.sector, length), s("circle", { r: 1.6, class: "mast" }));
  return { x, y, node };
};

const sectorWords = (entry) => {
  const { sector } = entry;
  const parts = [`${sector.operator} ${sector.technology}`, sector.id];
  if (entry.events !== undefined) parts.push(t("recordsThere", number(entry.events), share(entry.share)));
  if (entry.survey !== undefined && entry.survey !== null) parts.push(t("surveyShare", share(entry.survey)));
  parts.push(entry.inside ? t("servesInside") : t("servesElsewhere"));
  return parts.join(" · ");
};

/**
 * What the map opens on: the facility and the sectors nearest to it that carry nine tenths of the
 * weight, but no farther than 12 km.
 */
const localBounds = (outline, entries, project) => {
  const placed = entries
    .map((entry) => ({ at: project(entry.sector.place), weight: entry.events ?? 1 }))
    .sort((a, b) => Math.hypot(...a.at) - Math.hypot(...b.at));
  const total = placed.reduce((sum, each) => sum + each.weight, 0);
  const points = [...outline];
  let covered = 0;
  for (const { at, weight } of placed) {
    if (covered > 0.9 * total || Math.hypot(...at) > 12000) break;
    covered += weight;
    points.push(at);
  }
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const margin = Math.max(box[2] - box[0], box[3] - box[1], 400) * 0.12;
  const beyond = placed.filter(({ at: [x, y] }) =>
    x < box[0] - margin || x > box[2] + margin || y < box[1] - margin || y > box[3] + margin).length;
  return { bounds: [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin], beyond };
};

/** A facility's map; `entries` are { sector, inside, events?, share?, survey? }. */
const localMap = (facility, entries, label) => {
  const project = plane(facility.place);
  const outline = facility.outline.map(project);
  const { bounds, beyond } = localBounds(outline, entries, project);
  const rings = [500, 1000, 2000, 5000, 10000, 20000];
  const ground = s("g", {},
    rings.map((r) => s("circle", { r, class: "ring" })),
    outline.length ? s("path", { class: "walls", d: `M${outline.map((point) => point.join(" ")).join("L")}Z` }) : "");
  const most = Math.max(...entries.map((entry) => entry.events ?? 0), 1);
  const length = (entry) => (entry.events === undefined ? 24 : 9 + 47 * Math.sqrt(entry.events / most));
  const marks = [...entries]
    .sort((a, b) => length(b) - length(a))
    .map((entry) => sectorMark(entry, project, length(entry)));
  const name = s("text", { class: "place", "text-anchor": "middle", y: 4 }, facility.name);
  marks.push({ x: 0, y: Math.max(...outline.map(([, y]) => y), 0), node: s("g", {}, setAll(name, { y: 14 })) });
  const map = mapView({ label, bounds, ratio: 0.72, ground, marks, unitMetres: 1, deepest: 60 });
  return h("figure", {}, map,
    h("figcaption", {},
      h("span", { class: "legend" },
        legendWedge("sector inside", t("servesInside")),
        legendWedge("sector", t("servesElsewhere"))),
      h("small", {}, t("ringsNote"), " ", beyond ? t("beyond", beyond) : null)));
};

const legendWedge = (kind, words) =>
  h("span", {}, s("svg", { width: 18, height: 16, viewBox: "-9 -14 18 16", "aria-hidden": "true" },
    s("g", { class: kind }, wedge({ azimuth_deg: 0, beamwidth_deg: 65 }, 13))), words);

const sectorTable = (facility, entries, caption) => {
  const project = plane(facility.place);
  const distance = (sector) => number(Math.hypot(...project(sector.place)) / 1000, 1);
  const counted = entries.some((entry) => entry.events !== undefined);
  const heads = [t("sector"), t("operator"), t("technology"), t("azimuth"), t("distanceKm"), t("inside")];
  if (counted) heads.push(t("records"), t("share"));
  else heads.push(t("surveyHead"));
  const rows = entries.map((entry) => {
    const { sector } = entry;
    const row = [sector.id, sector.operator, sector.technology,
      sector.azimuth_deg === null ? t("omni") : `${number(sector.azimuth_deg)}°`,
      distance(sector), entry.inside ? t("yes") : t("no")];
    if (counted) row.push(number(entry.events), share(entry.share));
    else row.push(entry.survey === null ? "–" : share(entry.survey));
    return row;
  });
  return asTable(caption, heads, rows);
};

// The map of a country's facilities: on the départements' outlines for France, on a graticule
// fitted to the facilities elsewhere.

const radians = (degrees) => degrees * Math.PI / 180;

/** Lambert's conformal conic on the parallels 44° and 49° north, in kilometres; down is positive. */
const lambert = (() => {
  const tangent = (latitude) => Math.tan(Math.PI / 4 + radians(latitude) / 2);
  const n = Math.log(Math.cos(radians(44)) / Math.cos(radians(49))) / Math.log(tangent(49) / tangent(44));
  const scale = 6371 * Math.cos(radians(44)) * tangent(44) ** n / n;
  const middle = scale / tangent(46.5) ** n;
  return (lat, lon) => {
    const radius = scale / tangent(lat) ** n;
    const angle = n * radians(lon - 3);
    return [radius * Math.sin(angle), radius * Math.cos(angle) - middle];
  };
})();

const MAINLAND = { west: -5.6, east: 9.8, south: 41.2, north: 51.3 };
const OVERSEAS = {
  Guadeloupe: { west: -61.9, east: -60.9, south: 15.7, north: 16.6 },
  Martinique: { west: -61.3, east: -60.7, south: 14.3, north: 15.0 },
  Guyane: { west: -54.7, east: -51.5, south: 2.0, north: 6.0 },
  "La Réunion": { west: 55.1, east: 55.9, south: -21.5, north: -20.8 },
  Mayotte: { west: 44.9, east: 45.4, south: -13.1, north: -12.5 },
};
const inBox = (place, box) =>
  place.lat >= box.south && place.lat <= box.north && place.lon >= box.west && place.lon <= box.east;

/** Latitude and longitude into a frame in the Bay of Biscay, for an overseas département. */
const frame = (box, position) => {
  const size = 88;
  const [left, top] = [-575 + (position % 2) * (size + 8), 100 + Math.floor(position / 2) * (size + 8)];
  const narrow = Math.cos(radians((box.south + box.north) / 2));
  const scale = 0.9 * size / Math.max((box.east - box.west) * narrow, box.north - box.south);
  const project = (lat, lon) => [
    left + size / 2 + (lon - (box.west + box.east) / 2) * narrow * scale,
    top + size / 2 - (lat - (box.south + box.north) / 2) * scale,
  ];
  return { project, rect: { x: left, y: top, width: size, height: size, rx: 3, class: "inset" } };
};

/** The outlines' arcs as lists of [lat, lon]. */
const readArcs = ({ grid, arcs }) => arcs.map((steps) => {
  const points = [];
  let [x, y] = [0, 0];
  for (let index = 0; index < steps.length; index += 2) {
    x += steps[index];
    y += steps[index + 1];
    points.push([y / grid, x / grid]);
  }
  return points;
});

const path = (points, project) =>
  points.map(([lat, lon]) => project(lat, lon).map((value) => value.toFixed(1)).join(" ")).join("L");

/** A département's land and its borders; a border that two share is drawn once. */
const outlines = (places) => {
  const source = readBlock("departements");
  const arcs = readArcs(source);
  const frames = new Map();
  for (const [name, box] of Object.entries(OVERSEAS)) {
    if (places.some((place) => inBox(place, box))) frames.set(name, frame(box, frames.size));
  }
  const ground = s("g", {});
  const drawn = new Set();
  const borders = [];
  for (const [name, rings] of source.areas) {
    const inset = frames.get(name);
    if (OVERSEAS[name] && !inset) continue;
    const project = inset ? inset.project : lambert;
    if (inset) ground.append(s("rect", inset.rect));
    const shapes = rings.map((ring) => {
      const points = ring.flatMap((id) => (id < 0 ? [...arcs[~id]].reverse() : arcs[id]));
      for (const id of ring.map((each) => (each < 0 ? ~each : each))) {
        if (!drawn.has(id)) borders.push(`M${path(arcs[id], project)}`);
        drawn.add(id);
      }
      return `M${path(points, project)}Z`;
    });
    ground.append(s("path", { class: "land", d: shapes.join("") }, s("title", {}, name)));
  }
  ground.append(s("path", { class: "border", d: borders.join("") }));
  const project = ({ lat, lon }) => {
    const name = [...frames.keys()].find((each) => inBox({ lat, lon }, OVERSEAS[each]));
    return name ? frames.get(name).project(lat, lon) : lambert(lat, lon);
  };
  return { ground, project, bounds: [-590, -520, 570, 585] };
};

/** Meridians and parallels around the facilities. */
const graticule = (places) => {
  const range = (key) => places.map((place) => place[key]);
  const [west, east] = [Math.min(...range("lon")), Math.max(...range("lon"))];
  const [south, north] = [Math.min(...range("lat")), Math.max(...range("lat"))];
  const narrow = Math.cos(radians((south + north) / 2));
  const margin = Math.max((east - west) * narrow, north - south, 0.1) * 0.12;
  const box = [west - margin / narrow, -north - margin, east + margin / narrow, -south + margin];
  const project = ({ lat, lon }) => [lon * narrow * 100, -lat * 100];
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((each) => (box[3] - box[1]) / each < 9) ?? 30;
  const lines = [];
  const each = (from, to, draw) => {
    for (let at = Math.floor(from / step) * step; at <= to + step; at += step) lines.push(draw(at));
  };
  const line = (a, b) => `M${project(a).join(" ")}L${project(b).join(" ")}`;
  const [low, high, left, right] = [-box[3] - step, -box[1] + step, box[0] - step, box[2] + step];
  each(box[0], box[2], (lon) => line({ lat: low, lon }, { lat: high, lon }));
  each(-box[3], -box[1], (lat) => line({ lat, lon: left }, { lat, lon: right }));
  const bounds = [box[0] * narrow * 100, box[1] * 100, box[2] * narrow * 100, box[3] * 100];
  return { ground: s("g", {}, s("path", { class: "border", d: lines.join("") })), project, bounds };
};

/** A circle's area is in proportion to the expected phones. */
const radius = (expected, most) => Math.max(3, 26 * Math.sqrt(expected / Math.max(most, 1e-9)));

const facilityMark = (facility, most, project) => {
  const size = radius(facility.expected, most);
  const words = t("facilityMark", facility.name, number(facility.expected, 1), facility.listed);
  const [x, y] = project(facility.place);
  const node = s("g", { class: "facility" },
    s("a", { href: `#/facility/${encodeURIComponent(facility.id)}`, "aria-label": words },
      s("title", {}, words),
      s("circle", { r: Math.max(size, 12), class: "target" }),
      s("circle", { r: size, class: facility.surveyed ? "dot" : "dot unsurveyed" }),
      s("text", { y: -size - 5, "text-anchor": "middle", "aria-hidden": "true" }, facility.name)));
  return { x, y, node };
};

const countryMap = () => {
  const places = data.facilities.map((facility) => facility.place);
  const french = places.every((place) => inBox(place, MAINLAND) || Object.values(OVERSEAS).some((box) => inBox(place, box)));
  const { ground, project, bounds } = french ? outlines(places) : graticule(places);
  const most = Math.max(...data.facilities.map((facility) => facility.expected), 0);
  const marks = [...data.facilities]
    .sort((a, b) => b.expected - a.expected)
    .map((facility) => facilityMark(facility, most, project));
  const map = mapView({ label: t("countryMap"), bounds, ratio: french ? 0.92 : 0.75, ground, marks });
  return h("figure", {}, map, h("figcaption", {}, mapLegend(most), french ? h("small", {}, t("outlineSource")) : null));
};

/** Two circles that say how much an area stands for. */
const mapLegend = (most) => {
  const round = (value) => Number(value.toPrecision(1));
  const sizes = [...new Set([most, most / 4].map((value) => Math.max(1, round(value))))].filter((value) => value <= most * 1.5);
  return h("span", { class: "legend" },
    sizes.map((value) => {
      const size = radius(value, most);
      return h("span", {},
        s("svg", { width: size * 2 + 2, height: size * 2 + 2, "aria-hidden": "true" },
          s("circle", { cx: size + 1, cy: size + 1, r: size, class: "dot" })),
        t("expectedPhones", number(value)));
    }),
    h("span", {}, s("svg", { width: 16, height: 16, "aria-hidden": "true" },
      s("circle", { cx: 8, cy: 8, r: 6, class: "dot unsurveyed" })), t("notSurveyed")));
};

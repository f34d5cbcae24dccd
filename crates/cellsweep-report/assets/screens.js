// The screens but the device's.

const BANDS = [[0.95, 1.01], [0.8, 0.95], [0.5, 0.8], [0.2, 0.5], [0, 0.2]];
const sumOf = (rows, value) => rows.reduce((sum, row) => sum + value(row), 0);

const tile = (value, words, note) =>
  h("div", { class: "tile" }, h("strong", {}, value), h("span", {}, words), note ? h("small", {}, note) : null);

const overviewScreen = () => {
  const { devices, facilities } = data;
  const expected = sumOf(devices, (device) => device.probability);
  const sure = devices.filter((device) => device.probability >= 0.95);
  const read = sumOf(data.case.imports, (file) => file.read);
  const rejected = sumOf(data.case.imports, rejectedIn);
  const reached = facilities.filter((facility) => facility.listed > 0).length;
  return [
    h("h1", {}, t("overviewTitle")),
    h("p", { class: "lead" }, t("overviewLead", moment(data.case.at),
      data.case.window ? `${day(data.case.window.from)} – ${day(data.case.window.to)}` : null)),
    h("div", { class: "tiles" },
      tile(number(expected), t("tileExpected", number(facilities.length)), t("tileExpectedNote")),
      tile(number(devices.filter((device) => device.probability > 0.5).length), t("tileListed"), t("tileListedNote", number(reached))),
      tile(number(sure.length), t("tileSure"), t("tileSureNote", number(sumOf(sure, (device) => 1 - device.probability), 1))),
      tile(number(read), t("tileRead", number(data.case.imports.length)), t("tileReadNote", number(rejected)))),
    h("div", { class: "two wide-left" },
      section(t("map"), facilities.length ? countryMap() : h("p", {}, t("noFacilities"))),
      section(t("howSure"), howSure(), data.truth ? truthSummary() : null)),
    section(t("facilities"), facilityTable()),
  ];
};

/** Devices by how probable they are, and how many of them are expected to be there. */
const howSure = () => {
  const rows = BANDS.map(([from, to]) => {
    const devices = data.devices.filter((device) => device.probability >= from && device.probability < to);
    return { from, to: Math.min(to, 1), count: devices.length, expected: sumOf(devices, (device) => device.probability) };
  });
  const most = Math.max(...rows.map((row) => row.count), 1);
  const calibration = data.calibration;
  return [
    h("table", { class: "bands" },
      h("caption", {}, t("bandsCaption")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("stated")), h("th", { scope: "col", class: "numeric" }, t("devices")),
        h("th", { scope: "col", class: "numeric" }, t("bandExpected")))),
      h("tbody", {}, rows.map((row) => h("tr", {},
        h("th", { scope: "row" }, `${share(row.from)} – ${share(row.to)}`),
        h("td", { class: "numeric" }, h("span", { class: "band", "aria-hidden": "true" },
          h("span", { class: "band-all", style: { width: `${100 * row.count / most}%` } }),
          h("span", { class: "band-true", style: { width: `${100 * row.expected / most}%` } })), h("span", { class: "count" }, number(row.count))),
        h("td", { class: "numeric" }, number(row.expected, row.expected < 10 ? 1 : 0)))))),
    h("p", { class: "note" }, t("bandsNote", share(data.case.threshold))),
    calibration
      ? h("p", {}, t("calibrationShort", calibration.cllr === null ? "–" : number(calibration.cllr, 2), share(calibration.ece)), " ",
        h("a", { href: "#/calibration" }, t("calibrationLink")))
      : h("p", {}, t("calibrationNone")),
  ];
};

const totals = (truth) => ({
  there: sumOf(truth.kept, (each) => each.there),
  found: sumOf(truth.kept, (each) => each.found),
  wrong: sumOf(truth.kept, (each) => each.wrong),
  alarms: sumOf(truth.false_alarms, (each) => each.listed),
});

const truthSummary = () => {
  const sum = totals(data.truth);
  return h("div", { class: "card" }, h("h3", {}, t("truth")),
    h("p", {}, t("truthShort", number(sum.found), number(sum.there), share(sum.there ? sum.found / sum.there : 0), share(data.truth.threshold), number(sum.alarms))),
    h("p", {}, h("a", { href: "#/calibration" }, t("truthLink"))));
};

const facilityScreen = (facility) => {
  const index = data.facilities.indexOf(facility);
  const devices = data.devices.filter((device) => device.facility === index);
  const entries = facility.sectors.map((each) => ({ sector: each.sector, inside: each.serves_inside, survey: each.survey_share }));
  const rate = perHundred(facility);
  return [
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, t("facilities")), " / ", facility.id),
    h("h1", {}, facility.name),
    h("div", { class: "tiles" },
      tile(number(facility.expected, 1), t("tilePhones"), t("tileExpectedNote")),
      tile(number(facility.listed), t("tileListed"), t("ofListed", number(devices.length))),
      tile(facility.capacity === null ? "–" : number(facility.capacity), t("capacity"), rate === null ? null : t("rateNote", number(rate, 1))),
      tile(facility.surveyed ? t("yes") : t("no"), t("survey"), facility.surveyed ? t("surveyYes") : t("surveyNo"))),
    section(t("devices"), devices.length ? deviceTable(devices, t("devicesOf", facility.name), false) : h("p", {}, t("noDevices"))),
    cellsSection(facility),
    section(t("around"), entries.length
      ? [localMap(facility, entries, t("facilityMap")), sectorTable(facility, entries, t("facilityMap"))]
      : h("p", {}, t("noSectors"))),
  ];
};

const devicesScreen = () => [
  h("h1", {}, t("devices")),
  h("p", { class: "lead" }, t("devicesLead", share(data.case.threshold))),
  deviceTable(data.devices, t("devices"), true),
];

const calibrationScreen = () => {
  const { calibration, truth } = data;
  if (!calibration && !truth) return [h("h1", {}, t("calibration")), h("p", { class: "lead" }, t("calibrationNone"))];
  return [
    h("h1", {}, t("calibration")),
    calibration && [
      h("p", { class: "lead" }, say(calibration.measured_on)),
      h("div", { class: "tiles" },
        tile(measure(calibration.cllr), "Cllr", t("cllrNote")),
        tile(measure(calibration.cllr_min), "Cllr-min", t("cllrMinNote")),
        tile(measure(calibration.average_precision), t("averagePrecision"), t("apNote")),
        tile(share(calibration.ece), t("ece"), t("eceNote")),
        tile(number(calibration.counts.kept), t("keptHere"), t("countsNote", number(calibration.counts.there))),
        tile(number(calibration.counts.elsewhere), t("keptElsewhere"), t("countsElsewhere"))),
      section(t("plots"), h("div", { class: "plots" }, reliabilityPlot(calibration), tippettPlot(calibration), histogramPlot(calibration))),
    ],
    truth && section(t("truth"), truthTables(truth)),
    section(t("scale"), h("p", {}, t("scaleLead")), scaleTable()),
  ];
};

const measure = (value) => (value === null ? "–" : number(value, 3));

const simpleTable = (caption, heads, rows, numericFrom = 1) =>
  h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    h("table", {}, h("caption", {}, caption),
      h("thead", {}, h("tr", {}, heads.map((head, index) => h("th", { scope: "col", class: index >= numericFrom ? "numeric" : null }, head)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, index) =>
        h(index ? "td" : "th", { scope: index ? null : "row", class: index >= numericFrom ? "numeric" : null }, cell)))))));

const truthTables = (truth) => {
  const line = (name, each) => [name, number(each.there), number(each.found), number(each.wrong), number(each.there - each.found - each.wrong),
    each.there ? probabilityBar(each.found / each.there) : "–"];
  return h("div", { class: "two" },
    simpleTable(t("truthKept", share(truth.threshold)), [t("stratum"), t("there"), t("found"), t("wrongPlace"), t("missed"), t("recall")],
      [...truth.kept.map((each) => line(say(each.name), each)), line(t("total"), totals(truth)),
        ...truth.marked.map((each) => line(say(each.name), each))]),
    simpleTable(t("truthAlarms"), [t("stratum"), t("listedWrongly")], truth.false_alarms.map((each) => [say(each.name), number(each.listed)])));
};

const SCALE_ENDS = [1, 2, 10, 100, 1e3, 1e4, 1e6];
const between = (ends, index, show) =>
  (index + 1 < ends.length ? `${show(ends[index])} – ${show(ends[index + 1])}` : `> ${show(ends[index])}`);
const scaleTable = () =>
  simpleTable(t("scaleCaption"), ["LR", "log₁₀ LR", t("verbal")],
    data.verbal_scale.map((step, index) => [
      between(SCALE_ENDS, index, number),
      between(SCALE_ENDS.map(Math.log10), index, (value) => number(value, Number.isInteger(value) ? 0 : 1)),
      say(step)]), 9);

const rejectedIn = (file) => sumOf(Object.values(file.rejected), (count) => count);

const methodScreen = () => {
  const { case: about } = data;
  return [
    h("h1", {}, t("method")),
    h("dl", { class: "facts" }, [
      [t("caseTitle"), about.title],
      [t("kind"), about.exercise ? t("exercise") : t("investigation")],
      [t("madeAt"), moment(about.made_at)],
      [t("askedTime"), moment(about.at)],
      [t("window"), about.window ? `${moment(about.window.from)} – ${moment(about.window.to)}` : "–"],
      [t("version"), `cellsweep ${about.version}`],
      [t("threshold"), percent(about.threshold)],
      [t("prior"), say(about.prior)],
    ].map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    section(t("imports"), importsTable(about.imports), h("h3", {}, t("reasons")), reasonsTable(about.imports)),
    section(t("knownLimits"), h("ul", { class: "prose" }, t("limitsList").map((text) => h("li", {}, text)), about.notes.map((note) => h("li", {}, say(note))))),
    section(t("settings"), h("pre", { tabindex: "0" }, JSON.stringify(about.settings, null, 2))),
  ];
};

const importsTable = (imports) => sortableTable({
  caption: t("imports"), rows: imports, sortBy: { key: "file", down: false }, text: (file) => `${file.file} ${file.table}`.toLowerCase(),
  columns: [
    { key: "file", label: t("file"), head: true, value: (file) => file.file, cell: (file) => file.file },
    { key: "table", label: t("table"), value: (file) => file.table, cell: (file) => file.table },
    { key: "read", label: t("rowsRead"), numeric: true, value: (file) => file.read, cell: (file) => number(file.read) },
    { key: "kept", label: t("rowsKept"), numeric: true, value: (file) => file.kept, cell: (file) => number(file.kept) },
    { key: "rejected", label: t("rejected"), numeric: true, value: rejectedIn, cell: (file) => number(rejectedIn(file)) },
    { key: "digest", label: "SHA-256", wide: true, value: (file) => file.digest,
      cell: (file) => h("span", { class: "code digest", title: file.digest }, file.digest) },
  ],
});

const reasonsTable = (imports) => {
  const sums = new Map();
  for (const file of imports) {
    for (const [kind, counts] of [["rejected", file.rejected], ["doubts", file.doubts]]) {
      for (const [reason, count] of Object.entries(counts)) {
        const key = `${kind} ${file.table} ${reason}`;
        const row = sums.get(key) ?? { kind, table: file.table, reason, count: 0 };
        row.count += count;
        sums.set(key, row);
      }
    }
  }
  const rows = [...sums.values()].sort((a, b) => b.count - a.count);
  if (!rows.length) return h("p", {}, t("noRejects"));
  return simpleTable(t("reasonsCaption"), [t("reason"), t("table"), t("became"), t("rows")],
    rows.map((row) => [row.reason, row.table, row.kind === "rejected" ? t("quarantined") : t("keptDoubt"), number(row.count)]), 3);
};

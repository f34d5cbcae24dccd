// A device's screen: how sure, why, when and where.

const deviceScreen = (device) => {
  const { texts, sectors, detail } = details(device);
  const facility = facilityOf(device);
  const zone = facility?.timezone;
  const findings = detail.findings.map((finding) => ({
    title: say(texts[finding.title]),
    sentence: say(texts[finding.sentence]),
    limits: say(texts[finding.limits]),
    source: say(texts[finding.source]),
    weight: finding.log10_lr,
  }));
  const entries = detail.sectors.map((serving) => ({ ...serving, sector: sectors[serving.sector] }));
  return [
    deviceHeader(device, detail, say(texts[detail.verbal]), zone),
    section(t("why"), h("p", { class: "lead" }, t("whyLead")), waterfall(device, detail, findings)),
    section(t("against"), against(findings)),
    holdersSection(device, detail, texts),
    handsSection(device, detail),
    h("div", { class: "two" },
      section(t("when"), detail.activity ? heatMap(detail.activity) : h("p", {}, t("noDetail"))),
      section(t("where"), entries.length && facility
        ? [localMap(facility, entries, t("sectorMap")), sectorTable(facility, entries, t("sectorMap"))]
        : h("p", {}, t("noDetail")))),
  ];
};

const deviceHeader = (device, detail, verbal, zone) => {
  const facility = facilityOf(device);
  const others = data.devices.filter((other) => other !== device && other.handset === device.handset);
  const facts = [
    [t("facility"), facility ? facilityLink(facility) : facilityName(device)],
    [t("class"), [className(device), device.model ? ` · ${device.model}` : ""]],
    [t("firstSeen"), moment(device.first_seen, zone)],
    [t("lastSeen"), moment(device.last_seen, zone)],
    [t("records"), number(device.events)],
    [t("daysThere"), number(device.days_present)],
    [t("simCards"), number(device.imsis)],
    detail.other_imeis.length ? [t("otherImeis"), h("span", { class: "code" }, detail.other_imeis.join(", "))] : null,
    others.length ? [t("alsoListed"), others.map((other) => [deviceLink(other, facilityName(other)), ` (${percent(other.probability)}) `])] : null,
    [t("handset"), h("span", { class: "code" }, device.handset)],
  ].filter(Boolean);
  return [
    h("p", { class: "crumbs" }, facility ? [facilityLink(facility), " / "] : null, t("device")),
    h("h1", {}, h("span", { class: "code" }, deviceName(device)), " ", deviceBadges(device)),
    h("div", { class: "verdict" },
      h("div", { class: "big" },
        h("strong", {}, percent(device.probability)),
        h("span", {}, t("probabilityWords", facilityName(device), moment(data.case.at, zone)))),
      h("div", { class: "big" },
        h("strong", {}, signed(device.log10_lr)),
        h("span", {}, t("lrWords", verbal)))),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
  ];
};

// ---- The waterfall ----

const odds = (log10) => 10 ** log10 / (1 + 10 ** log10);

/** The rows of the waterfall: each begins where the one before it ended. */
const steps = (device, detail, findings) => {
  const rows = [{ title: t("prior"), sentence: say(data.case.prior), from: 0, to: detail.prior, kind: "total", weight: detail.prior }];
  let at = detail.prior;
  const order = [...findings].sort((a, b) => b.weight - a.weight);
  for (const finding of order) {
    rows.push({ ...finding, from: at, to: at + finding.weight, kind: finding.weight >= 0 ? "for" : "against" });
    at += finding.weight;
  }
  const rest = detail.posterior - at;
  if (Math.abs(rest) > 0.02) {
    rows.push({ title: t("asked"), sentence: t("askedWords"), from: at, to: detail.posterior, weight: rest, kind: rest >= 0 ? "for" : "against" });
  }
  rows.push({ title: t("posterior"), sentence: t("posteriorWords", percent(device.probability)), from: 0, to: detail.posterior, kind: "total", weight: detail.posterior });
  return rows;
};

const waterfall = (device, detail, findings) => {
  const rows = steps(device, detail, findings);
  const ends = rows.flatMap((row) => [row.from, row.to]);
  const [low, high] = [Math.floor(Math.min(...ends, -1)), Math.ceil(Math.max(...ends, 1))];
  const place = (value) => (value - low) / (high - low) * 100;
  const every = high - low > 10 ? 2 : 1;
  const ticks = evens(low, high, 1).filter((tick) => tick % every === 0);
  const axis = h("div", { class: "fall-axis", "aria-hidden": "true" },
    h("div", { class: "ticks" }, ticks.map((tick) =>
      h("span", { class: tick === 0 ? "zero" : null, style: { left: `${place(tick)}%` } }, plain(tick), h("small", {}, Math.abs(tick) > 2 ? "" : percent(odds(tick)))))));
  const list = h("ol", { class: "fall", style: { "--steps": String(high - low), "--zero": `${place(0)}%` } },
    rows.map((row) => h("li", { class: row.kind }, fallRow(row, place))));
  return h("div", { class: "fall-box" }, axis, list, h("p", { class: "note" }, t("fallNote")));
};

const fallRow = (row, place) => {
  const [left, right] = [Math.min(row.from, row.to), Math.max(row.from, row.to)].map(place);
  const line = [
    h("span", { class: "fall-words" }, h("strong", {}, row.title), h("span", {}, row.sentence)),
    h("span", { class: "track", "aria-hidden": "true" },
      h("span", { class: "fall-bar", style: { left: `${left}%`, width: `${Math.max(right - left, 0.4)}%` } })),
    h("span", { class: "weight" }, signed(row.weight)),
  ];
  if (!row.source) return h("div", { class: "fall-row" }, line);
  return h("details", {}, h("summary", { class: "fall-row" }, line),
    h("dl", { class: "limits" },
      h("dt", {}, t("source")), h("dd", {}, row.source),
      h("dt", {}, t("reading")), h("dd", {}, reading(row.weight)),
      h("dt", {}, t("limits")), h("dd", {}, row.limits)));
};

/** A weight in plain words: so many times as likely. */
const reading = (weight) => {
  const times = 10 ** Math.abs(weight);
  const shown = times >= 1e6 ? `10^${number(Math.abs(weight), 1)}` : number(times, times < 10 ? 1 : 0);
  if (Math.abs(weight) < 0.02) return t("timesNone");
  return weight > 0 ? t("timesFor", shown) : t("timesAgainst", shown);
};

const against = (findings) => {
  const pulling = findings.filter((finding) => finding.weight < -0.02).sort((a, b) => a.weight - b.weight);
  if (!pulling.length) return h("p", {}, t("nothingAgainst"));
  return h("ul", { class: "against" }, pulling.map((finding) =>
    h("li", {}, h("span", { class: "weight" }, signed(finding.weight)), " ", h("strong", {}, finding.title, t("colon")), " ", finding.sentence)));
};

// ---- Hours and days ----

const levels = [0, 1, 3, 6, 12];
const level = (count) => levels.filter((from) => count > from).length;
const atLeast = (count) => (count >= 35 ? "35+" : String(count));

const heatMap = ({ from, here, elsewhere }) => {
  const days = here.length / 24;
  const at = (text, index) => parseInt(text[index], 36);
  const dateOf = (index) => new Date(Date.parse(`${from}T00:00:00Z`) + index * 86400e3);
  const show = dateFormat({ weekday: "short", day: "numeric", month: "short" });
  const body = evens(0, days - 1, 1).map((index) => {
    const date = dateOf(index);
    const resting = [0, 6].includes(date.getUTCDay());
    return h("tr", { class: resting ? "weekend" : null },
      h("th", { scope: "row" }, show.format(date)),
      evens(0, 23, 1).map((hour) => heatCell(at(here, index * 24 + hour), at(elsewhere, index * 24 + hour), show.format(date), hour)));
  });
  const sums = evens(0, 23, 1).map((hour) => evens(0, days - 1, 1).reduce((sum, index) => sum + at(here, index * 24 + hour) + at(elsewhere, index * 24 + hour), 0));
  const most = Math.max(...sums, 1);
  return h("figure", { class: "heat-box" },
    h("table", { class: days > 45 ? "heat dense" : "heat" },
      h("caption", { class: "unseen" }, t("heatCaption")),
      h("thead", {}, h("tr", {}, h("td"), evens(0, 23, 1).map((hour) =>
        h("th", { scope: "col" }, h("span", { class: hour % 3 ? "unseen" : null }, String(hour)))))),
      h("tbody", {}, body),
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, t("allDays")), sums.map((sum) =>
        h("td", {}, h("span", { class: "sum", style: { height: `${26 * sum / most}px` } }), h("span", { class: "unseen" }, number(sum))))))),
    h("figcaption", {},
      h("span", { class: "legend" },
        heatKey("here", t("here")), heatKey("elsewhere", t("elsewhere"))),
      h("small", {}, t("heatNote"))));
};

const heatCell = (here, elsewhere, date, hour) => {
  if (!here && !elsewhere) return h("td");
  const words = [`${date}, ${hour} h`, here ? `${atLeast(here)} ${t("here")}` : "", elsewhere ? `${atLeast(elsewhere)} ${t("elsewhere")}` : ""];
  const colour = (kind, count, other) => (count ? `var(--${kind}-${level(count)})` : other);
  const a = colour("here", here, colour("elsewhere", elsewhere));
  const b = colour("elsewhere", elsewhere, a);
  return h("td", { title: words.filter(Boolean).join(" · "), class: "on", style: { "--a": a, "--b": b } },
    h("span", { class: "unseen" }, words.slice(1).filter(Boolean).join(", ")));
};

const heatKey = (kind, words) =>
  h("span", {}, h("span", { class: "ramp", "aria-hidden": "true" },
    levels.map((_, index) => h("i", { style: { background: `var(--${kind}-${index + 1})` } }))), words);

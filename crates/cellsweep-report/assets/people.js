// Who may use a device, how it is linked to them, and which cells may hold phones.

const holderName = (holder) => holder.inmate ?? t("nobody");

const holdersSection = (device, detail, texts) => {
  if (!detail.holders) return null;
  const listed = detail.holders.filter((holder) => holder.inmate);
  return section(t("who"),
    h("p", { class: "lead" }, t("whoLead")),
    h("ol", { class: "holders" }, detail.holders.map((holder) => h("li", {}, holderRow(holder, texts)))),
    listed.some((holder) => holder.findings.some((finding) => finding.link)) ? linkChart(device, listed) : null);
};

const holderRow = (holder, texts) => {
  const line = [
    h("strong", {}, holderName(holder)),
    h("span", {}, holder.cell ? t("heldIn", holder.cell) : ""),
    h("span", { class: "numeric" }, probabilityBar(holder.probability)),
    h("span", { class: "weight" }, signed(holder.log10_lr)),
    h("small", {}, say(texts[holder.verbal])),
  ];
  if (!holder.findings.length) return h("div", { class: "holder-row" }, line);
  return h("details", {}, h("summary", { class: "holder-row" }, line),
    h("ul", { class: "reasons" }, holder.findings.map((finding) => h("li", {},
      h("span", { class: "weight" }, signed(finding.log10_lr)), " ", say(texts[finding.sentence]), " ",
      h("small", {}, say(texts[finding.limits]))))));
};

// ---- Over time ----

/** Who may have used a handset that changed hands: a row for each stretch of days and user. */
const handsSection = (device, detail) => {
  if (!detail.segments) return null;
  const on = (days) => day(days * 86_400);
  const rows = detail.segments.flatMap((stretch) => stretch.users.map((user, index) => [
    index ? "" : [`${on(stretch.from)} – ${on(stretch.to)}`,
      stretch.changed === null ? null : h("small", {}, " · ", t("changedHands", percent(stretch.changed)))],
    holderName(user), user.cell ? h("span", { class: "code" }, user.cell) : "", probabilityBar(user.probability)]));
  return section(t("hands"), h("p", { class: "lead" }, t("handsLead")),
    simpleTable(t("hands"), [t("stretch"), t("user"), t("cell"), t("probability")], rows, 3));
};

// ---- The link chart: handset, numbers, cases, inmates ----

/** Columns of nodes and the links between them, each node once. */
const chartOf = (device, holders) => {
  const columns = [new Map(), new Map(), new Map(), new Map()];
  const links = new Map();
  const node = (column, name) => {
    if (!columns[column].has(name)) columns[column].set(name, columns[column].size);
    return [column, name];
  };
  const join = (from, to) => links.set(JSON.stringify([from, to]), [from, to]);
  const handset = node(0, deviceName(device));
  for (const holder of holders) {
    for (const { link } of holder.findings.filter((finding) => finding.link)) {
      const inmate = node(3, holderName(holder));
      const contact = node(1, link.number);
      join(handset, contact);
      if (link.case) {
        const of = node(2, link.case);
        join(contact, of);
        join(of, inmate);
      } else {
        join(contact, inmate);
      }
    }
  }
  return { columns: columns.map((column) => [...column.keys()]), links: [...links.values()] };
};

const linkChart = (device, holders) => {
  const { columns, links } = chartOf(device, holders);
  const rows = Math.max(...columns.map((column) => column.length));
  const [step, width, box] = [40, 860, 150];
  const height = rows * step + 34;
  const left = (column) => 4 + column * (width - box - 8) / 3;
  const middle = ([column, name]) =>
    34 + (columns[column].indexOf(name) + 0.5) * (height - 34) / columns[column].length;
  const heads = [t("device"), t("numbersSpoken"), t("crimeCases"), t("inmates")];
  const lines = links.map(([from, to]) => {
    const [x1, x2] = [left(from[0]) + box, left(to[0])];
    const [y1, y2, bend] = [middle(from), middle(to), (x2 - x1) / 2];
    return s("path", { class: "chart-link", d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
  });
  const boxes = columns.flatMap((column, index) => column.map((name) => s("g", {},
    s("rect", { class: `chart-node kind-${index}`, x: left(index), y: middle([index, name]) - 14, width: box, height: 28, rx: 6 }),
    s("text", { class: "chart-word", x: left(index) + box / 2, y: middle([index, name]) + 4.5 }, name))));
  return h("figure", { class: "chart" },
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("chart") },
      s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": t("chart") },
        heads.map((head, index) => (columns[index].length
          ? s("text", { class: "chart-head", x: left(index) + box / 2, y: 16 }, head) : null)).filter(Boolean), lines, boxes)),
    h("figcaption", {}, t("chartNote")),
    asTable(t("chart"), [t("from"), t("to")], links.map(([from, to]) => [from[1], to[1]])));
};

// ---- A facility's cells ----

const cellsOf = (facility) => {
  const first = data.devices.find((device) => data.facilities[device.facility] === facility);
  return first ? details(first).cells ?? [] : [];
};

const cellsSection = (facility) => {
  const cells = cellsOf(facility);
  if (!cells.length) return null;
  const wings = new Map();
  for (const cell of cells) {
    const name = cell.wing ?? "";
    wings.set(name, [...(wings.get(name) ?? []), cell]);
  }
  const likely = [...cells].sort((a, b) => b.expected - a.expected).filter((cell) => cell.expected >= 0.1);
  return section(t("cells"),
    h("p", { class: "lead" }, t("cellsLead")),
    [...wings].sort(([a], [b]) => a.localeCompare(b)).map(([wing, rooms]) => h("div", { class: "wing" },
      h("h3", {}, wing ? t("wing", wing) : t("noWing"), " ",
        h("small", {}, t("expectedPhones", number(sumOf(rooms, (cell) => cell.expected), 1)))),
      h("div", { class: "rooms", role: "img", "aria-label": t("wingPicture", wing, number(rooms.length)) },
        rooms.map((cell) => h("span", {
          class: `room here-${cellLevel(cell.expected)}`,
          title: t("cellWords", cell.cell, number(cell.expected, 2), number(cell.held)),
        }))))),
    cellLegend(),
    likely.length ? cellTable(likely) : null);
};

const CELL_LEVELS = [0.05, 0.2, 0.5, 0.8, 1.2];
const cellLevel = (expected) => CELL_LEVELS.filter((from) => expected >= from).length;

const cellLegend = () => h("p", { class: "note rooms" },
  CELL_LEVELS.map((from, index) => [h("span", { class: `room here-${index + 1}`, "aria-hidden": "true" }), ` ≥ ${number(from, 2)} `]));

const cellTable = (cells) => {
  const shown = cells.slice(0, 60);
  return simpleTable(t("cellsCaption", number(shown.length), number(cells.length)),
    [t("cell"), t("wingWord"), t("held"), t("expectedThere"), t("devices")],
    shown.map((cell) => [
      h("span", { class: "code" }, cell.cell), cell.wing ?? "–", number(cell.held), number(cell.expected, 2),
      cell.devices.slice(0, 5).map(([index, share], position) =>
        [position ? ", " : "", deviceLink(data.devices[index], deviceName(data.devices[index])), ` (${percent(share)})`])]), 2);
};

// Tables that sort and filter, by mouse and by keyboard alike.


const compare = (a, b) => {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  return typeof a === "string" ? a.localeCompare(b, locale(), { numeric: true }) : a - b;
};

/**
 * A table. Columns are { key, label, value(row), cell(row), head, numeric, wide }: `head` names the
 * row, `wide` columns go on narrow screens. `filters` are { label, options: [[word, test]] };
 * `text(row)` is what the search box looks in, in lower case.
 */
const sortableTable = ({ caption, columns, rows, sortBy, text, filters = [], atOnce = 100 }) => {
  let order = sortBy;
  let shown = atOnce;
  let query = "";
  const chosen = filters.map(() => null);
  const body = h("tbody");
  const status = h("p", { class: "status", role: "status" });
  const more = h("button", { type: "button", class: "more no-print" }, t("showMore"));

  const selected = () => {
    const column = columns.find((each) => each.key === order.key);
    const sign = order.down ? -1 : 1;
    return rows
      .filter((row) => (!query || text(row).includes(query)) && chosen.every((test) => !test || test(row)))
      .sort((a, b) => sign * compare(column.value(a), column.value(b)));
  };
  const cell = (row, column) =>
    h(column.head ? "th" : "td", {
      scope: column.head ? "row" : null,
      class: [column.numeric ? "numeric" : "", column.wide ? "wide" : ""].join(" ").trim() || null,
    }, column.cell(row));
  const fill = () => {
    const found = selected();
    body.replaceChildren(...found.slice(0, shown).map((row) => h("tr", {}, columns.map((column) => cell(row, column)))));
    status.textContent = t("rowsShown", number(Math.min(shown, found.length)), number(found.length));
    more.hidden = found.length <= shown;
    for (const column of columns) {
      const sorted = column.key === order.key;
      column.element.setAttribute("aria-sort", sorted ? (order.down ? "descending" : "ascending") : "none");
    }
  };
  const sort = (column) => {
    const again = order.key === column.key;
    order = { key: column.key, down: again ? !order.down : Boolean(column.numeric) };
    fill();
  };
  more.addEventListener("click", () => { shown += 500; fill(); });

  const heads = columns.map((column) => {
    column.element = h("th", { scope: "col", class: [column.numeric ? "numeric" : "", column.wide ? "wide" : ""].join(" ").trim() || null },
      h("button", { type: "button", onclick: () => sort(column) }, column.label, h("span", { class: "arrow", "aria-hidden": "true" })));
    return column.element;
  });
  const search = text && h("label", {}, h("span", {}, t("search")),
    h("input", { type: "search", autocomplete: "off", spellcheck: "false", oninput: (event) => {
      query = event.target.value.trim().toLowerCase();
      shown = atOnce;
      fill();
    } }));
  const selects = filters.map((filter, index) => h("label", {}, h("span", {}, filter.label),
    h("select", { onchange: (event) => {
      chosen[index] = filter.options[event.target.selectedIndex][1];
      shown = atOnce;
      fill();
    } }, filter.options.map(([word]) => h("option", {}, word)))));
  fill();
  return h("div", { class: "table-box" },
    search || selects.length ? h("div", { class: "filters no-print" }, search, selects) : null,
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
      h("table", {}, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads)), body)),
    h("div", { class: "table-end" }, status, more));
};

// ---- The two tables that appear more than once ----

const deviceTable = (devices, caption, withFacility) => {
  const columns = [
    { key: "imei", label: t("device"), head: true, value: deviceName, cell: (device) => deviceLink(device, deviceName(device)) },
    withFacility && { key: "facility", label: t("facility"), value: facilityName,
      cell: (device) => (facilityOf(device) ? facilityLink(facilityOf(device)) : facilityName(device)) },
    { key: "probability", label: t("probability"), numeric: true, value: (device) => device.probability,
      cell: (device) => probabilityBar(device.probability) },
    { key: "log10_lr", label: "log₁₀ LR", numeric: true, value: (device) => device.log10_lr, cell: (device) => signed(device.log10_lr) },
    { key: "class", label: t("class"), value: className, cell: (device) => [className(device), deviceBadges(device)] },
    { key: "events", label: t("records"), numeric: true, wide: true, value: (device) => device.events, cell: (device) => number(device.events) },
    { key: "days", label: t("days"), numeric: true, wide: true, value: (device) => device.days_present, cell: (device) => number(device.days_present) },
    { key: "imsis", label: "SIM", numeric: true, wide: true, value: (device) => device.imsis, cell: (device) => number(device.imsis) },
    { key: "last", label: t("lastSeen"), numeric: true, wide: true, value: (device) => device.last_seen,
      cell: (device) => day(device.last_seen, facilityOf(device)?.timezone) },
  ].filter(Boolean);
  const classes = [...new Set(devices.map((device) => device.class))].sort();
  return sortableTable({
    caption, columns, rows: devices, atOnce: withFacility ? 100 : 25, sortBy: { key: "probability", down: true },
    text: (device) => `${deviceName(device)} ${facilityName(device)} ${device.model ?? ""} ${device.known ?? ""}`.toLowerCase(),
    filters: [
      { label: t("probability"), options: [[t("all"), null], ...[0.95, 0.5, 0.1].map((least) =>
        [`≥ ${share(least)}`, (device) => device.probability >= least])] },
      { label: t("class"), options: [[t("all"), null], ...classes.map((word) => [t(`class_${word}`), (device) => device.class === word])] },
      { label: t("mark"), options: [[t("all"), null],
        [t("inLedger"), (device) => device.in_ledger], [t("cloned"), (device) => device.cloned],
        [t("known"), (device) => device.known !== undefined]] },
    ],
  });
};

const deviceBadges = (device) => [
  device.in_ledger && h("span", { class: "badge" }, t("inLedger")),
  device.cloned && h("span", { class: "badge warn" }, t("cloned")),
  device.known !== undefined && h("span", { class: "badge calm" }, device.known),
];

const facilityTable = () => {
  const columns = [
    { key: "name", label: t("facility"), head: true, value: (facility) => facility.name, cell: facilityLink },
    { key: "expected", label: t("expected"), numeric: true, value: (facility) => facility.expected, cell: (facility) => number(facility.expected, 1) },
    { key: "listed", label: t("overHalf"), numeric: true, value: (facility) => facility.listed, cell: (facility) => number(facility.listed) },
    { key: "capacity", label: t("capacity"), numeric: true, wide: true, value: (facility) => facility.capacity,
      cell: (facility) => (facility.capacity === null ? "–" : number(facility.capacity)) },
    { key: "rate", label: t("perHundred"), numeric: true, wide: true, value: perHundred,
      cell: (facility) => (perHundred(facility) === null ? "–" : number(perHundred(facility), 1)) },
    { key: "surveyed", label: t("survey"), wide: true, value: (facility) => (facility.surveyed ? 1 : 0),
      cell: (facility) => (facility.surveyed ? t("yes") : t("no")) },
  ];
  return sortableTable({ caption: t("facilities"), columns, rows: [...data.facilities],
    sortBy: { key: "expected", down: true }, text: (facility) => `${facility.name} ${facility.id}`.toLowerCase() });
};

const perHundred = (facility) => (facility.capacity ? 100 * facility.expected / facility.capacity : null);

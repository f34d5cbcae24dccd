// The page's ground: data, state, elements, numbers and dates. Text only ever enters the page as
// text nodes, so nothing in the data can become markup.

const readBlock = (id) => {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
};

const data = readBlock("data");
data.devices.forEach((device, index) => { device.index = index; });
const state = { lang: data.lang, theme: "auto" };

/** A facility's details, read when they are first looked at. */
const details = (() => {
  const read = new Map();
  return (device) => {
    const block = device.facility ?? data.facilities.length;
    if (!read.has(block)) {
      const found = readBlock(`details-${block}`);
      const byDevice = new Map(found.devices.map((detail) => [detail.device, detail]));
      read.set(block, { ...found, byDevice });
    }
    const { texts, sectors, cells, byDevice } = read.get(block);
    return { texts, sectors, cells, detail: byDevice.get(device.index) };
  };
})();

const append = (node, children) => {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
};

const setAll = (node, attributes) => {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.entries(value).forEach(([key, text]) => node.style.setProperty(key, text));
    else node.setAttribute(name, value === true ? "" : value);
  }
  return node;
};

/** An HTML element. */
const h = (tag, attributes, ...children) =>
  append(setAll(document.createElement(tag), attributes), children);

/** An SVG element. */
const s = (tag, attributes, ...children) =>
  append(setAll(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes), children);

/** A word of the page in its language. */
const t = (key, ...values) => {
  const word = words[key][state.lang === "fr" ? 0 : 1];
  return typeof word === "function" ? word(...values) : word;
};

/** A text that the report carries in both languages. */
const say = (text) => text[state.lang] ?? "";

const locale = () => (state.lang === "fr" ? "fr-FR" : "en-GB");
const formats = new Map();
const numberFormat = (options) => {
  const key = locale() + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), options));
  return formats.get(key);
};
const number = (value, decimals = 0) =>
  numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value).replace("-", "−");
const signed = (value) => (value >= 0.005 ? "+" : "") + number(Math.abs(value) < 0.005 ? 0 : value, 2);

/** A probability; what is not quite certain is never written as 0 or 100. */
const percent = (value) => {
  const show = (share, digits) => numberFormat({ style: "percent", maximumFractionDigits: digits }).format(share);
  if (value > 0.999) return `> ${show(0.999, 1)}`;
  if (value < 0.001) return `< ${show(0.001, 1)}`;
  return show(value, value > 0.99 || value < 0.01 ? 1 : 0);
};
const share = (value) => numberFormat({ style: "percent", maximumFractionDigits: 0 }).format(value);

const dateFormat = (options, zone) => {
  try {
    return new Intl.DateTimeFormat(locale(), { timeZone: zone ?? "UTC", ...options });
  } catch {
    return new Intl.DateTimeFormat(locale(), { timeZone: "UTC", ...options });
  }
};
const asDate = (value) => new Date(typeof value === "number" ? value * 1000 : value);
const moment = (value, zone) =>
  dateFormat({ dateStyle: "medium", timeStyle: "short" }, zone).format(asDate(value)) + (zone ? "" : " UTC");
const day = (value, zone) => dateFormat({ dateStyle: "medium" }, zone).format(asDate(value));

const facilityOf = (device) => data.facilities[device.facility];
const facilityName = (device) => facilityOf(device)?.name ?? t("unknownFacility");
const deviceName = (device) => device.imei ?? `${t("handset")} ${device.handset}`;
const className = (device) => t(`class_${device.class}`);
const deviceLink = (device, ...children) => h("a", { href: `#/device/${device.index}` }, ...children);
const facilityLink = (facility) =>
  h("a", { href: `#/facility/${encodeURIComponent(facility.id)}` }, facility.name);

/** A section with its heading. */
const section = (title, ...children) => {
  const id = `s-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
};

/** What a picture shows, as a table for whoever can't see it. */
const asTable = (caption, heads, rows) => {
  const box = h("details", { class: "as-table" }, h("summary", {}, t("asTable")));
  box.addEventListener("toggle", () => {
    if (!box.open || box.querySelector("table")) return;
    box.append(h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
      h("table", { class: "small" },
        h("caption", {}, caption),
        h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
        h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, String(cell)))))))));
  });
  return box;
};

const probabilityBar = (value) =>
  h("span", { class: "probability" },
    h("span", { class: "meter", "aria-hidden": "true" }, h("span", { style: { width: `${value * 100}%` } })),
    h("span", {}, percent(value)));

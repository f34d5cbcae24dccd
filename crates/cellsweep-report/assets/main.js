// Which screen stands at which address, and the page's frame.

const SCREENS = [["", "overview"], ["devices", "devices"], ["calibration", "calibration"], ["quality", "quality"], ["method", "method"]];

const LOGO = () => s("svg", { class: "logo", viewBox: "0 0 24 24", "aria-hidden": "true" },
  s("path", { d: "M12 21 4.5 6.5A16 16 0 0 1 19.5 6.5Z", class: "beam" }), s("rect", { x: 9, y: 16, width: 6, height: 6, rx: 1 }));

/** The address's parts: "#/device/3?lang=en&theme=dark". */
const address = () => {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").map(decodeURIComponent), query: new URLSearchParams(query ?? "") };
};

const screenOf = (parts) => {
  const [screen, which] = parts;
  if (screen === "facility") {
    const facility = data.facilities.find((each) => each.id === which);
    return facility && { name: facility.name, nav: "", body: facilityScreen(facility) };
  }
  if (screen === "device") {
    const device = data.devices[Number(which)];
    return device && { name: deviceName(device), nav: "devices", body: deviceScreen(device) };
  }
  if (screen === "devices") return { name: t("devices"), nav: screen, body: devicesScreen() };
  if (screen === "calibration") return { name: t("calibration"), nav: screen, body: calibrationScreen() };
  if (screen === "quality") return { name: t("quality"), nav: screen, body: qualityScreen() };
  if (screen === "method") return { name: t("method"), nav: screen, body: methodScreen() };
  return screen === "" && { name: t("overview"), nav: "", body: overviewScreen() };
};

const draw = () => {
  const { parts, query } = address();
  if (["fr", "en"].includes(query.get("lang"))) state.lang = query.get("lang");
  if (["light", "dark"].includes(query.get("theme"))) state.theme = query.get("theme");
  const root = document.documentElement;
  root.lang = state.lang;
  root.dataset.theme = isDark() ? "dark" : "light";
  const screen = screenOf(parts) || { name: t("notFound"), nav: null, body: [h("h1", {}, t("notFound")), h("p", {}, h("a", { href: "#/" }, t("overview")))] };
  document.title = `${screen.name} · ${data.case.title} · cellsweep`;
  frameOf(screen.nav);
  document.getElementById("main").replaceChildren(...append(h("div", { class: "screen" }), [screen.body]).childNodes);
};

const frameOf = (current) => {
  const nav = h("nav", { "aria-label": t("screens") }, SCREENS.map(([path, word]) =>
    h("a", { href: `#/${path}`, "aria-current": path === current ? "page" : null }, t(word))));
  const tools = h("div", { class: "tools no-print" },
    h("button", { type: "button", lang: state.lang === "fr" ? "en" : "fr", onclick: () => change({ lang: state.lang === "fr" ? "en" : "fr" }) },
      state.lang === "fr" ? "English" : "Français"),
    h("button", { type: "button", onclick: () => change({ theme: isDark() ? "light" : "dark" }) }, isDark() ? t("light") : t("dark")));
  const banner = data.case.exercise ? h("p", { class: "banner" }, t("banner")) : null;
  document.getElementById("top").replaceChildren(...[banner,
    h("div", { class: "top-row" }, h("a", { class: "brand", href: "#/" }, LOGO(), h("span", {}, data.case.title)), nav, tools)].filter(Boolean));
  document.getElementById("bottom").replaceChildren(
    h("p", {}, t("footer", data.case.version, moment(data.case.made_at))), h("p", {}, t("decides")));
  const skip = document.getElementById("skip");
  skip.textContent = t("skip");
  skip.onclick = () => document.getElementById("main").focus();
};

const isDark = () => (state.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : state.theme === "dark");

/** A choice of the reader's; the address forgets what it forced. */
const change = (choice) => {
  Object.assign(state, choice);
  const { parts } = address();
  history.replaceState(null, "", `#/${parts.map(encodeURIComponent).join("/")}`);
  const place = scrollY;
  draw();
  scrollTo(0, place);
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => change({}));
addEventListener("hashchange", () => {
  draw();
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
});
addEventListener("beforeprint", () => document.querySelectorAll("main details:not(.as-table)").forEach((box) => { box.open = true; }));
draw();

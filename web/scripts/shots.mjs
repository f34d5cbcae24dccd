/* global localStorage */
// Pictures of the pages: node scripts/shots.mjs OUT [--base URL] [--only NAME,NAME] [--variants wide-light-fr,phone-dark-en]
import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const out = args[0] ?? "shots";
const base = option("base", "http://127.0.0.1:8460");
const only = option("only", "").split(",").filter(Boolean);
const variants = option("variants", "wide-light-fr,wide-dark-en,phone-light-en,phone-dark-fr").split(",");
const user = option("user", "everything");
const password = option("password", "made-up");

const sizes = { wide: { width: 1440, height: 900 }, huge: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 }, tiny: { width: 360, height: 740 } };
const pages = {
  "sign-in": null, case: "/", handsets: "/handsets", handset: "first", facility: "largest", plan: "/plan", wall: "/wall", imports: "/imports",
  custody: "/custody", register: "/register", authorities: "/authorities", audit: "/audit", people: "/people", settings: "/settings", account: "/account",
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--enable-unsafe-swiftshader"] });
for (const variant of variants) {
  const [size, scheme, lang] = variant.split("-");
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme === "dark" ? "dark" : "light", timezoneId: "Europe/Paris", hasTouch: size === "phone" });
  await context.addInitScript(([l, s]) => {
    localStorage.setItem("cellsweep.lang", l);
    if (s === "contrast") localStorage.setItem("cellsweep.scheme", s);
  }, [lang, scheme]);
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && console.log(`  ${variant}: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`  ${variant}: ${error.message}`));
  for (const [name, path] of Object.entries(pages)) {
    if (only.length && !only.includes(name)) {
      if (name !== "sign-in") continue;
    }
    const address = await addressOf(page, path);
    await page.goto(base + address, { waitUntil: "load" });
    await page.waitForTimeout(name === "case" || name === "handset" || name === "facility" || name === "wall" ? 2500 : 900);
    if (!only.length || only.includes(name)) {
      await page.screenshot({ timeout: 90_000, path: `${out}/${name}-${variant}.png`, fullPage: true });
    }
    if (path === null) await page.request.post(`${base}/api/v1/session`, { data: { name: user, password } });
  }
  await context.close();
}
await browser.close();

async function addressOf(page, path) {
  if (path === null) return "/";
  if (path === "first") {
    const { rows } = await (await page.request.get(`${base}/api/v1/handsets`)).json();
    const row = rows.find((each) => each.probability > 0.98 && each.cell) ?? rows[0];
    return `/handsets/${row.handset}?facility=${row.facility}`;
  }
  if (path === "largest") {
    const { facilities } = await (await page.request.get(`${base}/api/v1/case`)).json();
    return `/facilities/${[...facilities].sort((a, b) => b.expected - a.expected)[1].id}`;
  }
  return path;
}

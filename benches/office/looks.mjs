// Lighthouse on the pages that people wait for: the office's case page, signed in, and the officer's page. Medians of so
// many runs, as Lighthouse's own documentation asks for. Made for an office of invented data: it signs in with `logins.txt`.
//
//   node looks.mjs http://localhost:8080 cellsweep-demo/office/logins.txt [runs]
import { readFileSync } from "node:fs";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [page, file, runs = "3"] = process.argv.slice(2);
if (!page || !file) {
  console.error("usage: node looks.mjs PAGE LOGINS [RUNS]");
  process.exit(2);
}
const LEAST = 95;
const [, name, password] = readFileSync(file, "utf8")
  .split("\n")
  .map((line) => line.trim().split(/\s+/))
  .find(([role, , secret]) => role === "investigator" && secret);

const signedIn = await fetch(new URL("/api/v1/session", page), {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ name, password }),
});
if (!signedIn.ok) throw new Error(`can't sign in: ${signedIn.status}`);
const Cookie = signedIn.headers.getSetCookie()[0].split(";")[0];

const chrome = await chromeLauncher.launch({
  chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--enable-unsafe-swiftshader"],
});
const looks = [
  ["case, desktop", "/", desktopConfig, { Cookie }],
  ["case, phone", "/", undefined, { Cookie }],
  ["officer, phone", "/phone/", undefined, {}],
];
let least = 100;
try {
  for (const [what, path, config, extraHeaders] of looks) {
    const results = [];
    for (let run = 0; run < Number(runs); run++) {
      const options = { port: chrome.port, extraHeaders, onlyCategories: ["performance", "accessibility", "best-practices"], logLevel: "error" };
      results.push((await lighthouse(new URL(path, page).href, options, config)).lhr);
    }
    results.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const { categories, audits, finalDisplayedUrl } = results[Math.floor(results.length / 2)];
    const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
    least = Math.min(least, ...["performance", "accessibility"].map((one) => categories[one].score * 100));
    const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
    console.log(`${what} (${new URL(finalDisplayedUrl).pathname}): ${scores.join(", ")}; ${times.map((time) => `${audits[time].title} ${audits[time].displayValue}`).join(", ")}`);
    for (const audit of Object.values(audits)) {
      if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative") console.log(`  ${audit.id}: ${audit.displayValue ?? audit.title}`);
    }
  }
} finally {
  await chrome.kill();
}
process.exit(least >= LEAST ? 0 : 1);

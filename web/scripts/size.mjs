// What the office's first load weighs, gzipped: the entry, what it imports at once, its styles and the letters that
// are needed for them. The map and whatever a page loads later do not count. Fails over the limit.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 300_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function firstLoad(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const asset of chunk.assets ?? []) if (/latin-wght-normal.*\.woff2$/.test(asset) && !/ext/.test(asset)) seen.add(asset);
  for (const next of chunk.imports ?? []) firstLoad(next, seen);
  return seen;
}

let over = false;
// The office's first page is the case, with its words.
const loads = { "index.html": ["src/messages/fr.ts", "src/pages/case/index.tsx"], "phone/index.html": [] };
for (const [entry, more] of Object.entries(loads)) {
  const files = [...more.reduce((seen, key) => firstLoad(key, seen), firstLoad(entry))];
  const sizes = files.map((file) => [file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${entry}: ${(total / 1000).toFixed(1)} kB gzipped of ${LIMIT / 1000} kB`);
  for (const [file, size] of sizes) console.log(`  ${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`);
  over ||= total > LIMIT;
}
if (over) {
  console.error("The first load is over the limit: load what is not needed at once with import().");
  process.exit(1);
}

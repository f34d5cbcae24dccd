import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Chunk {
  file: string;
  css?: string[];
  assets?: string[];
  imports?: string[];
  dynamicImports?: string[];
}
type Manifest = Record<string, Chunk>;

const ENTRY = "phone/index.html";
/** Letters of other alphabets come from the network, or the system's stand in for them. */
const LETTERS = /latin-wght-normal-[^/]*\.woff2$/;
const PUBLIC = ["/phone/", "/phone/manifest.webmanifest", "/phone/icon-192.png"];

/** Tells the phone's service worker which files the app needs to start, and which it needs later. */
export function phoneShell(): Plugin {
  return {
    name: "phone-shell",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      const manifest = JSON.parse(readFileSync(join(dir, ".vite/manifest.json"), "utf8")) as Manifest;
      const first = files(manifest, [ENTRY], (chunk) => chunk.imports ?? []);
      const all = files(manifest, [ENTRY], (chunk) => [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]);
      const later = [...all].filter((file) => !first.has(file));
      const worker = join(dir, "phone/sw.js");
      const page = readFileSync(join(dir, ENTRY));
      const built = { first: [...PUBLIC, ...first], later };
      const version = createHash("sha256").update(JSON.stringify(built)).update(page).digest("hex").slice(0, 12);
      const source = readFileSync(worker, "utf8");
      const written = source.replace(/["'`]__BUILT__["'`]/, JSON.stringify({ version, ...built }));
      if (written === source) throw new Error("phone/sw.js has no place for the list of files");
      writeFileSync(worker, written);
    },
  };
}

function files(manifest: Manifest, entries: string[], next: (chunk: Chunk) => string[]): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [...entries];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) continue;
    seen.add(key);
    const assets = (chunk.assets ?? []).filter((file) => !file.endsWith(".woff2") || LETTERS.test(file));
    for (const file of [chunk.file, ...(chunk.css ?? []), ...assets]) found.add(`/${file}`);
    open.push(...next(chunk));
  }
  return found;
}

// Forty desks at an office, asking at a steady rate, whatever the answers take: each latency counts from when its request
// was due. Made for an office of invented data: it signs in with `logins.txt`.
//
//   node load.mjs http://localhost:8080 cellsweep-demo/office/logins.txt [desks] [requests a second] [seconds]
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
import { Pool } from "undici";

const [page, file, desks = "40", rate = "300", seconds = "60"] = process.argv.slice(2);
if (!page || !file) {
  console.error("usage: node load.mjs PAGE LOGINS [DESKS] [REQUESTS A SECOND] [SECONDS]");
  process.exit(2);
}
const api = new URL("/api/v1", page).href;
const roles = ["investigator", "analyst", "magistrate", "commander"];
const logins = new Map(
  readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length === 3)
    .map(([role, name, password]) => [role, { name, password }]),
);

async function signIn(role) {
  const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(logins.get(role)) };
  const answer = await fetch(`${api}/session`, asked);
  if (!answer.ok) throw new Error(`${role} can't sign in: ${answer.status}`);
  const cookie = answer.headers.getSetCookie()[0].split(";")[0];
  const { csrf } = await answer.json();
  const headers = { cookie, "x-csrf": csrf, "accept-encoding": "gzip" };
  const { may } = await (await fetch(`${api}/me`, { headers })).json();
  return { may: new Set(may), headers };
}

// Numbers that are the same in each run.
function* dice(seed) {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const people = [];
for (let desk = 0; desk < Number(desks); desk++) people.push(await signIn(roles[desk % roles.length]));
const asked = async (path) => (await fetch(api + path, { headers: people[0].headers })).json();
const [{ rows }, { facilities }] = [await asked("/handsets"), await asked("/case")];
console.log(`${rows.length} handsets listed in ${facilities.length} facilities; ${desks} desks, ${rate} requests a second`);

// What a desk does in an hour, as far as its role may: mostly it reads handsets' pages; now and then the whole list; seldom
// it decides.
const mix = [
  [40, "handset.see", (pick) => `/handsets/${pick(rows).handset}`],
  [20, "facility.see", (pick) => `/facilities/${pick(facilities).id}`],
  [12, "case.see", () => "/case"],
  [8, undefined, () => "/me"],
  [6, "plan.see", () => "/plan"],
  [5, "handsets.list", () => "/handsets"],
  [4, "imports.see", () => "/jobs"],
  [2, "imports.see", () => "/imports"],
  [2, "custody.see", () => "/custody"],
  [1, "register.see", () => "/register"],
];
const decides = 0.002;

let number = 0;
function* requests({ may, headers }, seed) {
  const rolls = dice(seed);
  const roll = () => rolls.next().value;
  const pick = (list) => list[Math.floor(roll() * list.length)];
  const own = mix.filter(([, action]) => !action || may.has(action));
  const total = own.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    if (may.has("review.decide") && roll() < decides * roles.length) {
      const body = JSON.stringify({ decision: "comment", reason: `seen ${(number += 1)}` });
      const path = `/api/v1/handsets/${pick(rows).handset}/review`;
      yield { method: "POST", path, body, headers: { ...headers, "content-type": "application/json" } };
      continue;
    }
    let left = roll() * total;
    const [, , make] = own.find(([weight]) => (left -= weight) < 0) ?? own[0];
    yield { method: "GET", path: `/api/v1${make(pick)}`, headers };
  }
}

// What was asked, without who or which: `GET /handsets/…`.
const kind = ({ method, path }) => `${method} ${path.replace("/api/v1", "").replace(/^(\/[a-z]+)\/[^/]+/, "$1/…")}`;
const histogram = () => build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
const all = histogram();
const kinds = new Map();
let [well, otherwise, not, bytes] = [0, 0, 0, 0];

const pool = new Pool(new URL(page).origin, { connections: Number(desks) });
async function ask(request, due) {
  try {
    const { statusCode, body } = await pool.request(request);
    for await (const piece of body) bytes += piece.length;
    statusCode < 300 ? (well += 1) : (otherwise += 1);
  } catch {
    not += 1;
  }
  const took = Math.max(1, Math.round((performance.now() - due) * 1000));
  if (!kinds.has(kind(request))) kinds.set(kind(request), histogram());
  for (const into of [all, kinds.get(kind(request))]) into.recordValue(took);
}

const asking = people.map((person, desk) => requests(person, desk + 1));
const begun = performance.now();
const underWay = [];
for (let n = 0; n < Number(rate) * Number(seconds); n++) {
  const due = begun + (n * 1000) / Number(rate);
  const left = due - performance.now();
  if (left > 0) await sleep(left);
  underWay.push(ask(asking[n % asking.length].next().value, due));
}
await Promise.all(underWay);
const took = (performance.now() - begun) / 1000;

const ms = (histogram, share) => (histogram.getValueAtPercentile(share) / 1000).toFixed(1);
const line = (histogram) => `p50 ${ms(histogram, 50)}, p90 ${ms(histogram, 90)}, p99 ${ms(histogram, 99)}, most ${ms(histogram, 100)}`;
console.log(`answered: ${well} well, ${otherwise} otherwise, ${not} not; ${((well + otherwise) / took).toFixed(0)} a second`);
console.log(`milliseconds: ${line(all)}`);
for (const [name, one] of [...kinds].sort()) console.log(`  ${name.padEnd(24)} ${String(one.totalCount).padStart(6)}  ${line(one)}`);
console.log(`${Math.round(bytes / took / 1024)} KiB a second`);
await pool.close();
process.exit(not === 0 && otherwise === 0 ? 0 : 1);

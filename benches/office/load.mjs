// Forty desks at an office, asking at a steady rate; latencies are counted from when a request was due (autocannon
// corrects for coordinated omission). Made for an office of invented data: it signs in with `logins.txt`.
//
//   node load.mjs http://localhost:8080 cellsweep-demo/office/logins.txt [desks] [requests a second] [seconds]
import { readFileSync } from "node:fs";
import autocannon from "autocannon";

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
function requests({ may, headers }, seed) {
  const rolls = dice(seed);
  const roll = () => rolls.next().value;
  const pick = (list) => list[Math.floor(roll() * list.length)];
  const own = mix.filter(([, action]) => !action || may.has(action));
  const total = own.reduce((sum, [weight]) => sum + weight, 0);
  const one = () => {
    if (may.has("review.decide") && roll() < decides * roles.length) {
      const body = JSON.stringify({ decision: "comment", reason: `seen ${(number += 1)}` });
      const path = `/api/v1/handsets/${pick(rows).handset}/review`;
      return { method: "POST", path, body, headers: { ...headers, "content-type": "application/json" } };
    }
    let left = roll() * total;
    const [, , make] = own.find(([weight]) => (left -= weight) < 0) ?? own[0];
    return { method: "GET", path: `/api/v1${make(pick)}`, headers };
  };
  return Array.from({ length: 2000 }, one);
}

let desk = 0;
const result = await autocannon({
  url: page,
  connections: Number(desks),
  overallRate: Number(rate),
  duration: Number(seconds),
  timeout: 30,
  setupClient: (client) => {
    client.setRequests(requests(people[desk], desk + 1));
    desk += 1;
  },
});
const { latency } = result;
console.log(`answered: ${result["2xx"]} well, ${result.non2xx} otherwise, ${result.errors} not; ${result.requests.average} a second`);
console.log(`milliseconds: p50 ${latency.p50}, p90 ${latency.p90}, p99 ${latency.p99}, most ${latency.max}`);
console.log(`${Math.round(result.throughput.average / 1024)} KiB a second`);
process.exit(result.errors === 0 && result.non2xx === 0 ? 0 : 1);

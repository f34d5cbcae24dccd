// A made-up office for writing and testing the pages: the API's answers from a seed, and `dist/` behind the server's own
// content policy. It keeps what is written to it in memory. Never part of the product.
//   node dev/server.mjs [--port 8460] [--handsets 30000] [--reason] [--empty]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { accounts, may } from "./accounts.mjs";
import * as office from "./office.mjs";
import { alertsPage, casePage, facilityPage, handsetPage } from "./pages.mjs";
import { studyPage } from "./studies.mjs";
import { world as makeWorld } from "./world.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const port = Number(option("port", 8460));
const needsReason = process.argv.includes("--reason");
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const world = makeWorld({ handsets: Number(option("handsets", 30_000)) });
const first = office.planFor(world, { ...office.defaultLimits, cells: 900, waves: 2 }, "P-2026-06");
const state = { plan: office.planFor(world, office.defaultLimits, "P-2026-07"), before: [{ ...first, made_at: "2026-08-31T09:20:00Z", approved_by: "Noémie Lenoir", approved_at: "2026-08-31T15:00:00Z" }], reviews: [], people: [...accounts], opened: new Date(Date.now() - 3_300_000).toISOString(), totp: { set: false, codes_left: 0 }, uploads: new Map(), listeners: new Set() };

const problem = (status, type, title, more = {}) => ({ status, body: { type, title, status, ...more }, type: "application/problem+json" });
const ok = (body, status = 200) => ({ status, body });
const forbidden = problem(403, "/problems/forbidden", "Forbidden");
const notFound = problem(404, "about:blank", "Not found");

function tell(event, data = {}) {
  for (const response of state.listeners) response.write(`id: ${Date.now()}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

const meOf = (account) => ({ person: account.person, csrf: "made-up", may: may[account.login], needs_reason: needsReason, case_name: "Opération Grand Calme", tiles: false });

function signIn({ body }) {
  const account = state.people.find((each) => each.login === body.name);
  if (!account || body.password === "wrong") return problem(401, "/problems/sign-in", "Sign-in refused");
  if (body.password === "code" && !body.code) return problem(401, "/problems/code-needed", "Code needed");
  return { ...ok({ csrf: "made-up" }), headers: { "Set-Cookie": `cellsweep=${account.login}; HttpOnly; SameSite=Strict; Path=/` } };
}

function reviewed({ params, body, account }) {
  if (!body.reason?.trim()) return problem(422, "/problems/invalid", "Invalid", { fields: [{ name: "reason", message: "Say why." }] });
  state.reviews.push({ handset: params[0], by: account.person.name, at: new Date().toISOString(), decision: body.decision, reason: body.reason });
  tell("case");
  return ok(null, 201);
}

function audited({ query }) {
  const log = query.get("log") ?? "custody";
  if (!["custody", "access"].includes(log)) return problem(422, "/problems/invalid", "Invalid", { fields: [{ name: "log", message: "custody or access" }] });
  return ok(office.auditPage(log, query.has("before") ? Number(query.get("before")) : null));
}

function page({ params: [handset], query }) {
  if (query.get("facility") === "") return problem(422, "/problems/invalid", "Invalid", { detail: "A facility's code is not empty." });
  const found = handsetPage(world, handset);
  if (!found) return notFound;
  const own = state.reviews.filter((each) => each.handset === handset);
  const last = own.findLast((each) => each.decision !== "comment");
  return ok({ ...found, row: { ...found.row, decision: last?.decision ?? found.row.decision }, reviews: [...found.reviews, ...own] });
}

function approve({ body, account }) {
  if (body.plan !== state.plan.id) return problem(409, "/problems/stale", "Another plan stands now");
  state.plan = { ...state.plan, approved_by: account.person.name, approved_at: new Date().toISOString() };
  tell("plan");
  return ok(state.plan);
}

function compared({ params }) {
  const [one, other] = params.map((id) => [state.plan, ...state.before].find((plan) => plan.id === id));
  return one && other ? ok(office.comparison(one, other)) : notFound;
}

function addPerson({ body }) {
  if (state.people.some((each) => each.login === body.sign_in)) return problem(422, "/problems/invalid", "Invalid", { fields: [{ name: "sign_in", message: "This name is taken." }] });
  const id = `p${state.people.length + 1}`;
  state.people.push({ login: body.sign_in, person: { id, name: body.name, service_number: body.service_number, roles: body.roles, clearances: body.clearances } });
  return ok({ id, invitation: "made-up-invitation" }, 201);
}

const change = ({ params, body }) => {
  const account = state.people.find((each) => each.person.id === params[0]);
  if (!account) return notFound;
  const { disabled, ...person } = body;
  Object.assign(account.person, person);
  if (disabled !== undefined) account.disabled = disabled;
  return ok(account.person);
};

const brief = () => ({ status: 200, type: "application/pdf", raw: Buffer.from("%PDF-1.4\n%made up\n") });

/** Method, path, the action it needs (null: any person), what it answers. */
const routes = [
  ["GET", /^\/case$/, "case.see", () => ok(casePage(world))],
  ["GET", /^\/handsets$/, "handsets.list", () => ok({ rows: world.rows })],
  ["GET", /^\/alerts$/, "handsets.list", () => ok(alertsPage(world))],
  ["GET", /^\/handsets\/([^/]+)$/, "handset.see", page],
  ["POST", /^\/handsets\/([^/]+)\/review$/, "review.decide", reviewed],
  ["GET", /^\/facilities\/([^/]+)$/, "facility.see", ({ params }) => { const found = facilityPage(world, params[0]); return found ? ok(found) : notFound; }],
  ["GET", /^\/plan$/, "plan.see", () => ok(state.plan)],
  ["POST", /^\/plan\/trial$/, "plan.make", ({ body }) => ok(office.planFor(world, office.limitsOf(body.limits), null))],
  ["POST", /^\/plan$/, "plan.make", ({ body }) => { state.before.unshift(state.plan); state.plan = office.planFor(world, office.limitsOf(body.limits), `P-2026-${String(7 + state.before.length).padStart(2, "0")}`); tell("plan"); return ok(state.plan); }],
  ["POST", /^\/plan\/approve$/, "plan.approve", approve],
  ["GET", /^\/plan\/kept$/, "plan.see", () => ok([state.plan, ...state.before].map(({ id, made_at, by, approved_by, cells, facilities, expected }) => ({ id, made_at, by, approved_by, cells, facilities, expected })))],
  ["GET", /^\/plan\/kept\/([^/]+)\/against\/([^/]+)$/, "plan.see", compared],
  ["GET", /^\/plan\/brief\/([^/]+)$/, "brief.print", brief],
  ["GET", /^\/imports$/, "imports.see", () => ok(office.importsPage())],
  ["GET", /^\/jobs$/, "imports.see", () => ok(office.jobsList())],
  ["GET", /^\/quality$/, "imports.see", () => ok(office.qualityPage())],
  ["POST", /^\/uploads$/, "import.make", ({ body }) => { const id = `u${state.uploads.size + 1}`; state.uploads.set(id, body); return ok({ id, offset: 0 }, 201); }],
  ["PATCH", /^\/uploads\/([^/]+)$/, "import.make", ({ size, headers }) => ok({ offset: Number(headers["upload-offset"]) + size })],
  ["POST", /^\/uploads\/([^/]+)\/import$/, "import.make", () => { tell("job"); return ok({ job: 5 }); }],
  ["POST", /^\/trace$/, "trace.run", () => { tell("job"); return ok({ job: 6 }); }],
  ["GET", /^\/custody$/, "custody.see", () => ok(office.custodyPage(world))],
  ["GET", /^\/custody\/([^/]+)$/, "custody.see", ({ params }) => ok(office.exhibitPage(params[0]))],
  ["GET", /^\/register$/, "register.see", () => ok(office.registerPage(world))],
  ["GET", /^\/studies\/([^/]+)$/, "assess.see", ({ params }) => { const found = studyPage(params[0]); return found ? ok(found) : notFound; }],
  ["GET", /^\/authorities$/, "authority.see", () => ok(office.authoritiesPage())],
  ["POST", /^\/authorities$/, "authority.grant", ({ body }) => body.toml.includes("reference") ? ok({}, 201) : problem(422, "/problems/invalid", "Invalid", { fields: [{ name: "toml", message: "`reference` is missing." }] })],
  ["GET", /^\/people$/, "people.see", () => ok(office.peoplePage(state.people))],
  ["POST", /^\/people$/, "people.manage", addPerson],
  ["PATCH", /^\/people\/([^/]+)$/, "people.manage", change],
  ["DELETE", /^\/people\/([^/]+)\/sessions$/, "people.manage", () => ok(null, 204)],
  ["GET", /^\/audit$/, "audit.read", audited],
  ["GET", /^\/settings$/, "settings.see", () => ok({ version: "0.9.0", case_dir_name: "grand-calme", oidc: false, tls: true, memory_bytes: 6_442_450_944, threads: 2 })],
  ["GET", /^\/field\/wall$/, "sweep.see", () => ok(office.wallPage(world, state.opened))],
  ["GET", /^\/day\/anew$/, "sweep.command", () => ok(office.anewPage(office.wallPage(world, state.opened)))],
  ["GET", /^\/field\/report$/, "sweep.see", () => ok(office.dayReport(office.wallPage(world, state.opened)))],
  ["POST", /^\/field\/command$/, "sweep.command", ({ body }) => office.isCommand(body.what) ? ok({ event: "e-1" }, 201) : problem(422, "/problems/invalid", "Not valid", { detail: "what: this isn't a word of command" })],
  ["POST", /^\/field\/rescue$/, "sweep.command", ({ size }) => ok({ device: "d1", last: 4, have: [[1, 4]], whole: size > 8 })],
  ["POST", /^\/field\/invitations$/, "sweep.command", ({ body }) => ok({ code: "AAAA-BBBB-CCCC-DDDD-EEEE", expires: new Date(Date.now() + 900_000).toISOString(), url: `https://sweep.example/phone/#AAAA${body.replaces ? "-instead" : ""}` }, 201)],
  // For tests: says to every open page that something has changed.
  ["POST", /^\/made-up\/tell\/(\w+)$/, null, ({ params }) => { tell(params[0]); return ok(null, 204); }],
  ["GET", /^\/me$/, null, ({ account }) => ok(meOf(account))],
  ["GET", /^\/me\/sessions$/, null, () => ok([{ id: "s1", created: state.opened, last_seen: new Date().toISOString(), agent: "Firefox 140, Linux", current: true }, { id: "s2", created: "2026-08-30T07:00:00Z", last_seen: "2026-09-01T17:40:00Z", agent: "Chromium 140, Windows", current: false }])],
  ["DELETE", /^\/me\/sessions\/([^/]+)$/, null, () => ok(null, 204)],
  ["POST", /^\/session\/fresh$/, null, ({ body }) => body.password === "wrong" ? problem(401, "/problems/sign-in", "Refused") : ok({ csrf: "made-up" })],
  ["POST", /^\/me\/totp$/, null, () => ok({ ticket: "t1", url: "otpauth://totp/made-up", secret: "JBSWY3DPEHPK3PXP" })],
  ["PUT", /^\/me\/totp$/, null, () => { state.totp = { set: true, codes_left: 10 }; return ok({ codes: ["made-up-1", "made-up-2"] }); }],
  ["DELETE", /^\/me\/totp$/, null, () => { state.totp = { set: false, codes_left: 0 }; return ok(null, 204); }],
  ["GET", /^\/me\/totp$/, null, () => ok(state.totp)],
  ["GET", /^\/me\/passkeys$/, null, () => ok([{ id: "k1", label: "Firefox, bureau 214", added: "2026-06-02T08:00:00Z", used: "2026-09-01T06:10:00Z" }])],
  ["DELETE", /^\/me\/passkeys\/([^/]+)$/, null, () => ok(null, 204)],
  ["DELETE", /^\/session$/, null, () => ({ status: 204, body: null, headers: { "Set-Cookie": "cellsweep=; Path=/; Max-Age=0" } })],
];

function answer(request) {
  if (request.path === "/session" && request.method === "POST") return signIn(request);
  if (request.path === "/session/options") return ok({ organisation: { name: "Ministère" } });
  const login = /cellsweep=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  request.account = state.people.find((each) => each.login === login);
  if (!request.account) return problem(401, "/problems/sign-in", "Sign in");
  const found = routes.find(([method, path]) => method === request.method && path.test(request.path));
  if (!found) return notFound;
  const [, path, action, handler] = found;
  if (action && !may[login].includes(action)) return forbidden;
  if (needsReason && action && !request.headers["x-reason"]) return problem(428, "/problems/reason-needed", "Reason needed");
  request.params = path.exec(request.path).slice(1).map(decodeURIComponent);
  return handler(request);
}

async function bodyOf(incoming) {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const raw = Buffer.concat(parts);
  const json = (incoming.headers["content-type"] ?? "").includes("json");
  return { size: raw.length, body: json && raw.length ? JSON.parse(raw.toString()) : {} };
}

async function api(incoming, response, url) {
  const path = url.pathname.slice("/api/v1".length);
  if (path === "/events") return events(incoming, response);
  const result = answer({ method: incoming.method, path, query: url.searchParams, headers: incoming.headers, ...(await bodyOf(incoming)) });
  response.writeHead(result.status, { "Content-Type": result.type ?? "application/json", "Cache-Control": "no-store", ...result.headers });
  response.end(result.raw ?? (result.body === null ? undefined : JSON.stringify(result.body)));
}

function events(incoming, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  state.listeners.add(response);
  incoming.on("close", () => state.listeners.delete(response));
}

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json" };

function file(response, url) {
  const wanted = join(dist, normalize(decodeURIComponent(url.pathname)));
  const exists = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile();
  const phone = url.pathname.startsWith("/phone");
  const path = exists ? wanted : join(dist, phone ? "phone/index.html" : "index.html");
  response.writeHead(200, {
    "Content-Type": types[extname(path)] ?? "application/octet-stream",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-cache",
  });
  createReadStream(path).pipe(response);
}

createServer((incoming, response) => {
  const url = new URL(incoming.url, `http://127.0.0.1:${port}`);
  if (!url.pathname.startsWith("/api/v1")) return file(response, url);
  api(incoming, response, url).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
}).listen(port, "127.0.0.1", () => console.log(`made-up office on http://127.0.0.1:${port}`));

/// <reference lib="webworker" />
/**
 * The service worker: the app starts without a network. It keeps files of the app, and nothing of the day: entries are
 * in the page's own store, which no version of this touches.
 */

const worker = self as unknown as ServiceWorkerGlobalScope;

/** What the build writes in place of this: the version, what is needed to start, and what is needed later. */
const BUILT = "__BUILT__" as unknown as { version: string; first: string[]; later: string[] };
const PAGE = "/phone/";
const PREFIX = "cellsweep-phone-";
const CACHE = `${PREFIX}${BUILT.version}`;
const OURS = new Set([...BUILT.first, ...BUILT.later]);

worker.addEventListener("install", (event) => event.waitUntil(keep(BUILT.first)));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const answer = ours(event.request);
  if (answer !== undefined) event.respondWith(answer);
});
worker.addEventListener("message", (event) => {
  if (event.data === "start") void worker.skipWaiting();
});

async function keep(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(paths.map((path) => new Request(path, { cache: "reload" })));
}

/** Old files go only now, when no page of the old version is open. The reader of codes comes when the app has started. */
async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await worker.clients.claim();
  void keep(BUILT.later).catch(() => undefined);
}

function ours(request: Request): Promise<Response> | undefined {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return undefined;
  if (request.mode === "navigate" && url.pathname.startsWith(PAGE)) return kept(PAGE);
  return OURS.has(url.pathname) ? kept(url.pathname) : undefined;
}

async function kept(path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const known = await cache.match(path);
  if (known !== undefined) return known;
  const answer = await fetch(path);
  if (answer.ok) await cache.put(path, answer.clone());
  return answer;
}

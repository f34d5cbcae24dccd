/** The service worker: the app starts without a network, and a new version waits until the officer starts it. */

type Listener = (waiting: ServiceWorker) => void;

let waiting: ServiceWorker | undefined;
const listeners = new Set<Listener>();

/** Registers the service worker; without one the app works as long as it is open. */
export function registerWorker(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker
    .register("/phone/sw.js", { scope: "/phone/" })
    .then(watch)
    .catch(() => undefined);
}

function watch(registration: ServiceWorkerRegistration): void {
  const found = () => {
    const worker = registration.waiting;
    // The first one is no new version.
    if (worker === null || navigator.serviceWorker.controller === null) return;
    waiting = worker;
    listeners.forEach((listener) => listener(worker));
  };
  found();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", found);
  });
}

/** Calls back when a new version waits; gives the way to stop it. */
export function onNewVersion(listener: Listener): () => void {
  listeners.add(listener);
  if (waiting !== undefined) listener(waiting);
  return () => listeners.delete(listener);
}

/** Starts the new version. Entries are in the store, whichever version runs. */
export function startNewVersion(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("start");
}

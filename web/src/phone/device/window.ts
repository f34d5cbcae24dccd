/** One window enters at a time: two would give the same number twice. */

const LOCK = "cellsweep-phone";

/** Holds the lock for as long as the page lives; false where another window holds it. */
export async function isOnlyWindow(): Promise<boolean> {
  asked ??= askForLock();
  return asked;
}

let asked: Promise<boolean> | undefined;

async function askForLock(): Promise<boolean> {
  return new Promise((done, failed) => {
    navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => {
        done(lock !== null);
        // Never given back: the browser does that when the page goes.
        return lock === null ? undefined : new Promise(() => undefined);
      })
      .catch(failed);
  });
}

/** Asks the browser to keep what is stored; false where it doesn't promise to. */
export async function askToPersist(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

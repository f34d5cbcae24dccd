/** What the page begins with. */

import { Session } from "../device/session";
import { Bare } from "../device/store";
import { askToPersist, isOnlyWindow } from "../device/window";

/** How the page stands before anything can be done with it. */
export type Beginning =
  | { kind: "opening" }
  | { kind: "elsewhere" }
  | { kind: "broken"; why: "storage" | "insecure" | "other" }
  | { kind: "bare"; bare: Bare }
  | { kind: "over"; bare: Bare }
  | { kind: "open"; session: Session };

/** Looks what this phone has. */
export async function begin(): Promise<Beginning> {
  if (!isSecureContext) return { kind: "broken", why: "insecure" };
  if (!(await isOnlyWindow())) return { kind: "elsewhere" };
  const bare = await Bare.open().catch(() => undefined);
  if (bare === undefined) return { kind: "broken", why: "storage" };
  const [store, key] = await Promise.all([bare.enrolled(), bare.signingKey()]);
  if (store === undefined || key === undefined) return { kind: "bare", bare };
  return { kind: "open", session: await Session.open(store, key, await askToPersist()) };
}

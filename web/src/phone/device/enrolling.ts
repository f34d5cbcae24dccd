/** From a code to a session. */

import { makeKey, sign, type SigningKey } from "./keys";
import * as net from "./net";
import { dayKey } from "./sealing";
import { Session } from "./session";
import type { Bare } from "./store";
import { askToPersist } from "./window";

import { isSameDay } from "./bundle";

/** Why a phone isn't enrolled. */
export type NotEnrolled = "noCode" | "refused" | "noNetwork" | "otherDay";

const CODE = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2,}$/;

/** The code in a link or by itself; undefined where there is none. */
export function codeIn(text: string): string | undefined {
  const code = (text.split("#").at(-1) ?? "").trim().toUpperCase();
  return CODE.test(code) ? code : undefined;
}

/** Enrols the phone. A lost answer loses nothing: the same key with the same code is answered again. */
export async function enrolWith(bare: Bare, code: string): Promise<Session | NotEnrolled> {
  const key = (await bare.signingKey()) ?? (await newKey(bare));
  const proof = await sign(key, `cellsweep-enrol:v1:${code}:${key.device}`);
  try {
    const { enrolment, cacheKey } = await net.enrol(code, key.device, key.publicKey, proof);
    const store = await bare.enrol(await dayKey(cacheKey), enrolment);
    cacheKey.fill(0);
    return await Session.open(store, key, await askToPersist());
  } catch (error) {
    return why(error);
  }
}

/**
 * Enrols a phone that is enrolled once more, with its own key: the server may have lost that it knows it. What the phone
 * holds stays; a code of another day changes nothing.
 */
export async function enrolAgain(session: Session, code: string): Promise<NotEnrolled | undefined> {
  const { device } = session.view().bundle.you;
  const proof = await session.prove(`cellsweep-enrol:v1:${code}:${device}`);
  try {
    const { enrolment, cacheKey } = await net.enrol(code, device, session.publicKey, proof);
    // What is kept lies under the key that it has.
    cacheKey.fill(0);
    if (!isSameDay(session.view().bundle, enrolment.bundle)) return "otherDay";
    await session.admitted(enrolment);
    return undefined;
  } catch (error) {
    return why(error);
  }
}

function why(error: unknown): NotEnrolled {
  const refused = error instanceof net.Refused && error.status >= 400 && error.status < 500;
  return refused ? "refused" : "noNetwork";
}

async function newKey(bare: Bare): Promise<SigningKey> {
  const key = await makeKey();
  await bare.keepSigningKey(key);
  return key;
}

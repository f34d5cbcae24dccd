/** Passkeys: what the server asks of the browser, and what the browser answers. */
import { call } from "./client";
import type { Passkey } from "./types";

interface Challenge {
  ticket: string;
  options: { publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON };
}

/** The browser's own dialog was left, or it found no passkey that fits. */
export class PasskeyLeft extends Error {}

/** Whether this browser can, here: it doesn't over a line that isn't secure. */
export const passkeysWork = (): boolean => "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function answered(asked: Promise<Credential | null>): Promise<unknown> {
  const left = (error: unknown) => {
    throw error instanceof DOMException ? new PasskeyLeft() : error;
  };
  const credential = await asked.catch(left);
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyLeft();
  return credential.toJSON();
}

/** Makes a passkey on this device and adds it to one's account. */
export async function addPasskey(label: string): Promise<Passkey> {
  const { ticket, options } = await call<Challenge>("/me/passkeys", { method: "POST" });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  const answer = await answered(navigator.credentials.create({ publicKey }));
  return call<Passkey>("/me/passkeys", { method: "PUT", body: { ticket, label, answer } });
}

/** Opens a session with a passkey that the browser finds. */
export async function signInByPasskey(): Promise<{ csrf: string }> {
  const { ticket, options } = await call<Challenge>("/session/passkey", { method: "POST" });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  const answer = await answered(navigator.credentials.get({ publicKey }));
  return call<{ csrf: string }>("/session/passkey", { method: "PUT", body: { ticket, answer } });
}

/** The device's own key: made on it, never leaves it, and signs every entry. */

import type { Envelope } from "../core/entry";
import { fromHex, sha256, toHex, utf8 } from "./bytes";

/** A key for signing. The private half can't be read by anybody, this program included. */
export interface SigningKey {
  algorithm: "ed25519" | "p256";
  privateKey: CryptoKey;
  /** As the server takes it: 64 hexadecimal digits (Ed25519), or `p256:` and 130 of them. */
  publicKey: string;
  /** What the device is called: `d` and the first 32 digits of the SHA-256 of the public key's text. */
  device: string;
}

const ED25519 = { name: "Ed25519" };
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const P256_SIGN = { name: "ECDSA", hash: "SHA-256" };

/** Makes a key: Ed25519, or ECDSA on P-256 where the browser has no Ed25519. */
export async function makeKey(): Promise<SigningKey> {
  return (await ed25519()) ?? (await p256());
}

async function ed25519(): Promise<SigningKey | undefined> {
  try {
    const pair = (await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"])) as CryptoKeyPair;
    const publicKey = toHex(await crypto.subtle.exportKey("raw", pair.publicKey));
    return { algorithm: "ed25519", privateKey: pair.privateKey, publicKey, device: await deviceOf(publicKey) };
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return undefined;
    throw error;
  }
}

async function p256(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
  const publicKey = `p256:${toHex(await crypto.subtle.exportKey("raw", pair.publicKey))}`;
  return { algorithm: "p256", privateKey: pair.privateKey, publicKey, device: await deviceOf(publicKey) };
}

/** The name that a device with this key has. */
export async function deviceOf(publicKey: string): Promise<string> {
  return `d${(await sha256(utf8(publicKey))).slice(0, 32)}`;
}

/** Signs a text's bytes. */
export async function sign(key: SigningKey, text: string): Promise<Envelope> {
  const algorithm = key.algorithm === "ed25519" ? ED25519 : P256_SIGN;
  const signature = toHex(await crypto.subtle.sign(algorithm, key.privateKey, utf8(text)));
  return { text, signature };
}

/** Whether a signature fits a public key. What this browser can't check fits nothing. */
export async function fits(publicKey: string, signed: Envelope): Promise<boolean> {
  const point = publicKey.startsWith("p256:") ? publicKey.slice("p256:".length) : undefined;
  const raw = fromHex(point ?? publicKey);
  const signature = fromHex(signed.signature);
  if (raw === undefined || signature === undefined) return false;
  try {
    const kind = point === undefined ? ED25519 : P256;
    const key = await crypto.subtle.importKey("raw", raw, kind, false, ["verify"]);
    return await crypto.subtle.verify(point === undefined ? ED25519 : P256_SIGN, key, signature, utf8(signed.text));
  } catch {
    return false;
  }
}

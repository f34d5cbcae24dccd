/** What is kept on the device is sealed under the day's key (AES-256-GCM) and bound to the place where it is kept. */

import { type Bytes, utf8 } from "./bytes";

/** Sealed bytes. */
export interface Sealed {
  iv: Bytes;
  data: ArrayBuffer;
}

/** The day's key from its 32 bytes. It can't be read again. */
export async function dayKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Seals bytes for a place. */
export async function seal(key: CryptoKey, place: string, bytes: Bytes): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(place) }, key, bytes);
  return { iv, data };
}

/** Opens what was sealed for the place; throws where it was changed or is from elsewhere. */
export async function unseal(key: CryptoKey, place: string, sealed: Sealed): Promise<Bytes> {
  const algorithm = { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(place) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.data));
}

/** Seals a value that JSON can hold. */
export async function sealJson(key: CryptoKey, place: string, value: unknown): Promise<Sealed> {
  return seal(key, place, utf8(JSON.stringify(value)));
}

/** Opens a value that JSON can hold. */
export async function unsealJson(key: CryptoKey, place: string, sealed: Sealed): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await unseal(key, place, sealed)));
}

/** Bytes and how they are written. */

/** Bytes that web interfaces take. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Lowercase hexadecimal. */
export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes of a hexadecimal text; undefined where it is none. */
export function fromHex(text: string): Bytes | undefined {
  if (!/^([0-9a-f]{2})*$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Bytes of a text in base64 or base64url, with or without padding; undefined where it is none. */
export function fromBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** A text's bytes in UTF-8. */
export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** SHA-256, in lowercase hexadecimal. */
export async function sha256(bytes: Bytes): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", bytes));
}

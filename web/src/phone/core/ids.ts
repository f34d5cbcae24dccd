/** Identifiers as checked texts. */

import { bytes, text } from "./shape";

const CONTROL = /\p{Cc}/u;
const BLANK_AROUND = /^\p{White_Space}|\p{White_Space}$/u;
const NOT_BLANK = /\P{White_Space}/u;

function isName(value: string): boolean {
  const length = bytes(value);
  return length >= 1 && length <= 128 && !BLANK_AROUND.test(value) && !CONTROL.test(value);
}

function isText(value: string): boolean {
  return NOT_BLANK.test(value) && bytes(value) <= 4096;
}

function isInstant(value: string): boolean {
  return INSTANT.test(value) && Number.isFinite(Date.parse(value));
}

/** RFC 3339 in UTC, without a fraction or with one that ends in no zero. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/;

/** What stands for somebody or something: a cell, a site, a team, a device, an item, a seal, a service number. */
export const name = text(isName, "1 to 128 bytes without control characters or blanks around it");
/** What somebody wrote. */
export const prose = text(isText, "1 to 4096 bytes that are not all blank");
/** SHA-256, in lowercase hexadecimal. */
export const digest = text((value) => /^[0-9a-f]{64}$/.test(value), "64 digits of 0-9 and a-f");
/** A public key as the server takes it, in lowercase hexadecimal. */
export const publicKey = text(
  (value) => /^([0-9a-f]{64}|p256:04[0-9a-f]{128})$/.test(value),
  "64 digits of 0-9 and a-f, or p256: and 130 of them",
);
/** A signature, in lowercase hexadecimal. */
export const signature = text((value) => /^[0-9a-f]{128}$/.test(value), "128 digits of 0-9 and a-f");
/** An IMEI as read off the device. */
export const imei = text((value) => /^[0-9]{14,16}$/.test(value), "14 to 16 digits");
/** A SIM's number as printed on it. */
export const iccid = text((value) => /^[0-9]{18,22}$/.test(value), "18 to 22 digits");
/** A moment. */
export const instant = text(isInstant, "a moment in UTC such as 2026-03-01T05:00:00Z");

/** Whether a text can be a name. */
export function canBeName(value: string): boolean {
  return isName(value);
}

/** A moment as entries spell it, from milliseconds since 1970. */
export function spellInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0+Z$/, "Z");
}

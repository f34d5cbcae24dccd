/** What is asked of the server. Any answer but the expected ones means the same as none: keep all, try again. */

import type { Envelope } from "../core/entry";
import { type FromPhone, type FromServer, readFromServer, writeFromPhone } from "../core/message";
import { Misfit } from "../core/shape";
import { type Bundle, bundle, type Enrolment, readEnrolment } from "./bundle";
import { type Bytes, fromBase64 } from "./bytes";
import type { Photo } from "./store";

const BASE = "/api/v1/field";
/** How long an answer may take, in milliseconds: a jammed network carries little at a time. */
const PATIENCE_MS = 30_000;
/** Bytes of a photo in one request. */
const CHUNK = 256 << 10;

/** The server's refusal, by its status. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** When it may be asked again, in milliseconds; 0 where it didn't say. */
    readonly retryAfterMs: number,
  ) {
    super(`refused: ${status}`);
    this.name = "Refused";
  }
}

async function ask(path: string, options: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(`${BASE}${path}`, { ...options, cache: "no-store", credentials: "omit", signal });
}

async function good(path: string, options: RequestInit): Promise<Response> {
  const answer = await ask(path, options);
  if (answer.ok) return answer;
  throw new Refused(answer.status, Number(answer.headers.get("Retry-After") ?? 0) * 1000 || 0);
}

const JSON_TYPE = { "Content-Type": "application/json" };

/** An enrolment and the key under which all of it is to be kept. */
export interface Enrolled {
  enrolment: Enrolment;
  cacheKey: Bytes;
}

/** Enrols a device. `proof` is its signature over the code and its name. */
export async function enrol(code: string, device: string, key: string, proof: Envelope): Promise<Enrolled> {
  const body = JSON.stringify({ code, device, key, proof: proof.signature });
  const answer = (await (await good("/enrol", { method: "POST", body, headers: JSON_TYPE })).json()) as unknown;
  const enrolment = readEnrolment(answer);
  const cacheKey = fromBase64((answer as { cache_key?: string }).cache_key ?? "");
  if (cacheKey?.length !== 32) throw new Misfit("cache_key", "32 bytes in base64");
  return { enrolment, cacheKey };
}

/** What proves that it is this device. */
export type Token = string;

function bearer(token: Token): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** The newest bundle. */
export async function renew(token: Token): Promise<Bundle> {
  const answer = await good("/bundle", { headers: bearer(token) });
  return bundle.take(await answer.json(), "bundle");
}

/** Sends messages and gives what the server answers. */
export async function sync(token: Token, messages: readonly FromPhone[]): Promise<FromServer[]> {
  const body = messages.map((message) => `${writeFromPhone(message)}\n`).join("");
  const headers = { ...bearer(token), "Content-Type": "application/x-ndjson" };
  const answer = await good("/sync", { method: "POST", body, headers });
  const lines = (await answer.text()).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => readFromServer(JSON.parse(line)));
}

/** Calls for help by the quickest path; the signed entry follows with the others. */
export async function distress(token: Token, place: unknown, clock: string): Promise<void> {
  const body = JSON.stringify({ place, clock });
  await good("/distress", { method: "POST", body, headers: { ...bearer(token), ...JSON_TYPE } });
}

/**
 * Gives the entries that were taken off another phone, as they were exported. A desk's device may. Whether all of them
 * are the server's now.
 */
export async function rescue(token: Token, lines: string): Promise<boolean> {
  const answer = await good("/rescue", { method: "POST", body: lines, headers: { ...bearer(token), "Content-Type": "application/x-ndjson" } });
  return ((await answer.json()) as { whole?: boolean }).whole === true;
}

/** Sends a photo from where the server is. Fulfilled when the server has all of it. */
export async function sendPhoto(token: Token, photo: Photo): Promise<void> {
  const path = `/photos/${photo.digest}`;
  const head = await good(path, { method: "HEAD", headers: bearer(token) });
  if (head.headers.get("Upload-Complete") === "?1") return;
  let offset = Number(head.headers.get("Upload-Offset") ?? 0);
  for (;;) {
    const progress = await sendChunk(token, path, photo.bytes, offset);
    if (progress.complete) return;
    offset = progress.offset;
  }
}

async function sendChunk(token: Token, path: string, bytes: Bytes, offset: number): Promise<{ offset: number; complete: boolean }> {
  const body = bytes.slice(offset, offset + CHUNK);
  const headers = { ...bearer(token), "Upload-Offset": String(offset), "Upload-Length": String(bytes.length) };
  const answer = await ask(path, { method: "PUT", body, headers });
  const progress = (await answer.json().catch(() => ({}))) as { offset?: number; complete?: boolean };
  const goesOn = (answer.ok || answer.status === 409) && typeof progress.offset === "number";
  if (!goesOn || (progress.offset === offset && progress.complete !== true)) throw new Refused(answer.status, 0);
  return { offset: progress.offset ?? 0, complete: progress.complete === true };
}

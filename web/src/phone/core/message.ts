/** What goes over the wire: `{"v":1,"message":{…}}`. */

import { envelope, type Envelope } from "./entry";
import { instant, name } from "./ids";
import * as limits from "./limits";
import { Ranges } from "./ranges";
import { type Infer, list, type Shape, struct, tagged, text, whole, word } from "./shape";

const ranges: Shape<Ranges> = { take: (value, where) => Ranges.from(value, where) };
const count = whole(0, limits.SEQUENCE);

/** What command's words up to one of them are known by. */
const mark = text((value) => /^[0-9a-f]{32}$/.test(value), "32 digits of 0-9 and a-f");
/** That of no words. */
export const NO_WORDS = "0".repeat(32);

/** What command says of a device. */
export const standing = word("not_enrolled", "enrolled", "revoked");
export type Standing = Infer<typeof standing>;

/** From the server. */
export const fromServer = tagged({
  welcome: struct({ device: name, clock: instant, echo: instant, have: ranges, standing }),
  acknowledged: struct({ device: name, have: ranges }),
  news: struct({ device: name, after: count, upto: count, entries: list(envelope, limits.BATCH) }, { mark }),
});
export type FromServer = Infer<typeof fromServer>;

/** From a device. */
export type FromPhone =
  | { kind: "hello"; device: string; clock: string; last: number; unsent: number; heard: number; mark?: string }
  | { kind: "batch"; device: string; first: number; entries: Envelope[] };

const wrapped = struct({ v: whole(1, 1), message: fromServer });

/** Reads what the server sent; throws where it is none, or a newer program's. */
export function readFromServer(value: unknown): FromServer {
  return wrapped.take(value, "message").message;
}

/** Writes what a device sends. */
export function writeFromPhone(message: FromPhone): string {
  return JSON.stringify({ v: 1, message });
}

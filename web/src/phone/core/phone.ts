/**
 * The device's half of the sync: it numbers and keeps entries, sends them until they are acknowledged, and ends. The
 * same rules as the server's program has (crate `cellsweep-sweep`, `sync/phone`); whoever calls keeps what it holds, and
 * has kept it before showing it as entered.
 */

import { type Entry, type Envelope, type Party, readEntry, spell, type What } from "./entry";
import { spellInstant } from "./ids";
import * as limits from "./limits";
import { type FromPhone, type FromServer, NO_WORDS } from "./message";
import { Ranges } from "./ranges";
import { type Refusal, refusal } from "./sense";
import { bytes } from "./shape";

/** A measure that took longer says too little, in milliseconds. */
const ROUND_TRIP_MS = 60_000;
/** Two clocks of a device that differ by more while a message is under way: somebody set one of them. */
const CLOCKS_APART_MS = 100;
/** A clock is measured again after this long, in milliseconds. */
const MEASURE_EVERY_MS = 900_000;

/** How a device stands: it enters; it only sends what it has; all is acknowledged and its key is to go; it is gone. */
export type Phase = "entering" | "sending" | "done" | "shredded";

/** A device's two clocks at one moment, in milliseconds. */
export interface Tick {
  /** What its clock says, since 1970; people set it. */
  clock: number;
  /** By a count that nobody sets, from any beginning. */
  steady: number;
}

/** The device's clock held against the server's, in milliseconds. */
export interface Reading {
  /** What the device's clock said in the middle of the exchange. */
  its: number;
  /** What time it was, as the server spelt it. */
  truth: string;
  /** Half of what the exchange took. */
  within: number;
}

/** What a message from the server brought. */
export interface Heard {
  /** A measure of the clock that is worth entering. */
  reading?: Reading;
  /** Command's words, in their order. Whoever calls checks their signatures before anything is shown. */
  news: Envelope[];
}

/** How far a device has heard command's words: how many, and which, as the server said. */
export interface Upto {
  count: number;
  mark: string;
}

/** What was kept of a device. */
export interface Kept {
  outbox: Envelope[];
  acknowledged: Ranges;
  heard: Upto;
}

/** An entry that the device doesn't take: it makes no sense, its day is over, or it isn't the next one. */
export class NotEntered extends Error {
  constructor(readonly why: Refusal | "over" | "not_next") {
    super(`not entered: ${why}`);
    this.name = "NotEntered";
  }
}

/** A device on a search day. */
export class Phone {
  private outbox: Envelope[];
  private acked: Ranges;
  private heardOf: Upto;
  private standing: Phase = "entering";
  /** The entry from which the next batch looks: one that is never acknowledged holds up no other. */
  private next = 1;
  private measured: Reading | undefined;
  private called: Tick | undefined;

  constructor(
    readonly device: string,
    kept: Kept = { outbox: [], acknowledged: Ranges.none, heard: { count: 0, mark: NO_WORDS } },
  ) {
    this.outbox = [...kept.outbox];
    this.acked = kept.acknowledged;
    this.heardOf = kept.heard;
    const last = this.outbox.at(-1);
    if (last !== undefined && readEntry(last.text).what.kind === "finished") {
      this.standing = "sending";
      this.endIfDone();
    }
  }

  /** The text of the next entry, to be signed with the device's key; throws {@link NotEntered} or a misfit. */
  draft(by: Party, occurredMs: number, what: What): string {
    if (this.standing !== "entering") throw new NotEntered("over");
    const sequence = this.last + 1;
    const entry: Entry = {
      v: 1,
      id: `${this.device}:${sequence}`,
      occurred: spellInstant(occurredMs),
      device: this.device,
      sequence,
      by,
      what,
    };
    const text = spell(entry);
    const why = refusal(entry);
    if (why !== undefined) throw new NotEntered(why);
    return text;
  }

  /** Takes the signed text of {@link draft} as the next entry; throws {@link NotEntered} where it isn't that. */
  enter(envelope: Envelope): Entry {
    if (this.standing !== "entering") throw new NotEntered("over");
    const entry = readEntry(envelope.text);
    if (entry.device !== this.device || entry.sequence !== this.last + 1) throw new NotEntered("not_next");
    this.outbox.push(envelope);
    if (entry.what.kind === "finished") this.standing = "sending";
    return entry;
  }

  /** Says that it is here. */
  hello(now: Tick): FromPhone {
    this.called = now;
    const clock = spellInstant(now.clock);
    const { count: heard, mark } = this.heardOf;
    return { kind: "hello", device: this.device, clock, last: this.last, unsent: this.unsent, heard, mark };
  }

  /** The next entries to send, if any are left to send. */
  batch(): FromPhone | undefined {
    const missing = this.acked.missing(this.last).toJSON();
    const range = missing.find(([, last]) => last >= this.next) ?? missing[0];
    if (range === undefined) return undefined;
    const first = range[0] <= this.next && this.next <= range[1] ? this.next : range[0];
    const entries = this.run(first, range[1]);
    this.next = first + entries.length;
    return { kind: "batch", device: this.device, first, entries };
  }

  private run(first: number, last: number): Envelope[] {
    const entries: Envelope[] = [];
    let size = 0;
    for (const envelope of this.outbox.slice(first - 1, last)) {
      size += bytes(envelope.text);
      const full = entries.length === limits.BATCH || (size > limits.BATCH_BYTES && entries.length > 0);
      if (full) break;
      entries.push(envelope);
    }
    return entries;
  }

  /** Takes what the server sent. */
  receive(message: FromServer, now: Tick): Heard {
    if (message.device !== this.device || this.standing === "shredded") return { news: [] };
    switch (message.kind) {
      case "welcome": {
        // All that the server has: what it lost with a disk is sent again.
        this.acked = message.have;
        if (message.standing === "revoked") this.revoked();
        this.endIfDone();
        const reading = this.reading(message.echo, now, message.clock);
        return reading === undefined ? { news: [] } : { reading, news: [] };
      }
      case "acknowledged":
        this.acked = this.acked.union(message.have);
        this.endIfDone();
        return { news: [] };
      case "news": {
        // Out of order: the next hello says how far it is.
        if (message.after !== this.heardOf.count) return { news: [] };
        this.heardOf = { count: message.upto, mark: message.mark ?? NO_WORDS };
        return { news: message.entries };
      }
    }
  }

  /** Command has revoked the device: it enters no more, and sends what it has. */
  revoked(): void {
    if (this.standing === "entering") this.standing = "sending";
    this.endIfDone();
  }

  /** Destroys what it holds; whoever calls destroys the key. Only when everything is acknowledged. */
  shred(): boolean {
    if (this.standing !== "done") return false;
    this.outbox = [];
    this.standing = "shredded";
    return true;
  }

  /** Everything that it holds, for a desk to take off it. */
  export(): FromPhone[] {
    const batches: FromPhone[] = [];
    for (let at = 0; at < this.outbox.length; at += limits.BATCH) {
      const entries = this.outbox.slice(at, at + limits.BATCH);
      batches.push({ kind: "batch", device: this.device, first: at + 1, entries });
    }
    return batches;
  }

  get phase(): Phase {
    return this.standing;
  }

  /** Its last entry's number. */
  get last(): number {
    return this.outbox.length;
  }

  /** Entries that aren't known to be durable at the server. */
  get unsent(): number {
    return Math.max(0, this.last - this.acked.count);
  }

  /** Entries that it knows to be durable. */
  get acknowledged(): Ranges {
    return this.acked;
  }

  /** How far it has heard command's words. */
  get heard(): Upto {
    return this.heardOf;
  }

  /** Words that came couldn't be kept: it has heard as far as before, and gets them again. */
  unhear(upto: Upto): void {
    this.heardOf = upto;
  }

  private endIfDone(): void {
    const all = this.acked.missing(this.last).isEmpty;
    if (this.standing === "sending" && all) this.standing = "done";
    else if (this.standing === "done" && !all) this.standing = "sending";
  }

  /** A measure, if it answers the last hello, nobody set the clock meanwhile, and it says more than the last one. */
  private reading(echo: string, now: Tick, truth: string): Reading | undefined {
    const called = this.called;
    if (called === undefined || spellInstant(called.clock) !== echo || this.standing !== "entering") return undefined;
    const took = now.steady - called.steady;
    const byClock = now.clock - called.clock;
    if (took < 0 || took > ROUND_TRIP_MS || Math.abs(byClock - took) > CLOCKS_APART_MS) return undefined;
    const reading = { its: called.clock + Math.trunc(byClock / 2), truth, within: Math.floor(took / 2) + 2 };
    if (this.measured !== undefined && !saysMore(reading, this.measured)) return undefined;
    this.measured = reading;
    return reading;
  }
}

/** What has to be added to the device's times, in milliseconds; positive where its clock is behind. */
export function clockAdd(reading: Reading): number {
  return Date.parse(reading.truth) - reading.its;
}

function saysMore(now: Reading, known: Reading): boolean {
  const since = now.its - known.its;
  const apart = Math.abs(clockAdd(now) - clockAdd(known));
  return Math.abs(since) >= MEASURE_EVERY_MS || apart > now.within + known.within || now.within * 4 < known.within;
}

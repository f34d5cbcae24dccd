/** A device on its search day: what it holds, how it stands, and the one way in which something is entered. */

import { type CellState, cellStates } from "../core/cells";
import { custody, type Custody } from "../core/custody";
import { type Draft, isSamePlace } from "../core/draft";
import { type Attachment, type CellRef, type Entry, type Envelope, type Find, type Party, readEntry, type What } from "../core/entry";
import { clockAdd, type Phase, Phone, type Reading, type Tick } from "../core/phone";
import type { FromPhone, FromServer, Standing } from "../core/message";
import { spellInstant } from "../core/ids";
import { NO_WORDS } from "../core/message";
import { Parts } from "../core/rescue";
import { type Bundle, bare, type Enrolment, readEnrolment, siteOf } from "./bundle";
import { type SigningKey, sign } from "./keys";
import type { Photo, Store } from "./store";
import { commandsWord, isAbort, plannedCells, unseen, type Word } from "./words";
import { type Kept as Sync, readSync } from "./syncState";

/** Whether the command post answers. */
export type Connection = "not_tried" | "online" | "offline" | "denied";

/** What the screens show. Never changed; a new one replaces it. */
export interface View {
  bundle: Bundle;
  phase: Phase;
  standing: Standing | undefined;
  entries: readonly Entry[];
  cells: readonly CellState[];
  custody: Custody;
  words: readonly Word[];
  unseen: readonly Word[];
  aborted: boolean;
  unsent: number;
  photosUnsent: number;
  connection: Connection;
  heardAt: number | undefined;
  /** What has to be added to the device's times, in milliseconds. */
  clockAdd: number | undefined;
  persisted: boolean;
  /** Whether everything was taken off the phone, since its last entry. */
  rescued: boolean;
  /** Whether a call for help is under way by the quickest path. */
  help: Help;
}

/** Whether the phone may be emptied: what it holds is with the command post, or was taken off it; photos never are. */
export function mayGo({ phase, photosUnsent, rescued }: Pick<View, "phase" | "photosUnsent" | "rescued">): boolean {
  return photosUnsent === 0 && (phase === "done" || (phase === "sending" && rescued));
}

/** A call for help by the quickest path: none was made, it is under way, the server has heard it. */
export type Help = "none" | "calling" | "heard";

/** Somebody else's entry that was read off a screen. */
interface Shown {
  entry: Entry;
  signed: Envelope;
}

/** A session. Screens subscribe to it. */
export class Session {
  private readonly listeners = new Set<() => void>();
  private last: View | undefined;
  /** One entry after the other, each on the number that follows. */
  private queue: Promise<unknown> = Promise.resolve();
  private connection: Connection = "not_tried";
  private photosLeft = new Set<string>();
  private rescuedUpTo = 0;
  /** Finds that are being entered, one a place. */
  private begun: Draft[] = [];
  /** Command's words that the disk doesn't have yet. */
  private unkept: Word[] = [];
  /** Whether nothing but what sending needs is left. */
  private forgotten = false;
  private help: Help = "none";
  /** Another phone's entries, as far as they were read off its screen. */
  readonly parts = new Parts();
  /** Called when there is something to send, or news of a new plan. */
  onEntered: () => void = () => undefined;

  private constructor(
    readonly store: Store,
    private enrolment: Enrolment,
    private readonly key: SigningKey,
    private readonly phone: Phone,
    private readonly own: Entry[],
    private words: Word[],
    private shown: Shown[],
    private sync: Sync,
    private readonly persisted: boolean,
  ) {}

  /** The session of an enrolled device, from what was kept of it. */
  static async open(store: Store, key: SigningKey, persisted: boolean): Promise<Session> {
    const enrolment = readEnrolment(await store.value("enrolment"));
    const sync = readSync(await store.value("sync"));
    const outbox = await store.all("outbox");
    const kept = { outbox, acknowledged: sync.acknowledged, heard: { count: sync.heard, mark: sync.mark ?? NO_WORDS } };
    const phone = new Phone(key.device, kept);
    if (sync.standing === "revoked") phone.revoked();
    const commanders = enrolment.bundle.command;
    const words = await Promise.all((await store.all("words")).map((word) => commandsWord(word, commanders)));
    const shown = (await store.all("shown")).map((signed) => ({ signed, entry: readEntry(signed.text) }));
    const own = outbox.map((signed) => readEntry(signed.text));
    const known = words.filter((word) => word !== undefined);
    const session = new Session(store, enrolment, key, phone, own, known, shown, sync, persisted);
    session.photosLeft = new Set(await store.unsentPhotos());
    session.rescuedUpTo = Number(await store.value("rescued")) || 0;
    session.begun = ((await store.value("drafts")) ?? []) as Draft[];
    return session;
  }

  /** Calls back when the view has changed; gives the way to stop it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** What the screens show now. */
  readonly view = (): View => {
    this.last ??= this.look();
    return this.last;
  };

  /**
   * Enters something. Fulfilled when it is on the disk: only then may it be shown as entered. Rejects where it makes no
   * sense or can't be kept, and then it is not entered.
   */
  async enter(what: What): Promise<Entry> {
    const turn = this.queue.then(() => this.enterNext(what));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async enterNext(what: What): Promise<Entry> {
    const signed = await sign(this.key, this.phone.draft(this.me, Date.now(), what));
    await this.store.keepEntry(this.phone.last + 1, signed);
    const entry = this.phone.enter(signed);
    this.own.push(entry);
    this.changed();
    this.onEntered();
    return entry;
  }

  /** The officer, as entries name them: by service number. */
  get me(): Party {
    return this.enrolment.bundle.you.officer;
  }

  /** The name that an item found now has. */
  nextItem(): string {
    return `${this.key.device}-i${this.countOf("found") + 1}`;
  }

  /** The name that a hand-over made now has. */
  nextHandOver(): string {
    return `${this.key.device}-h${this.countOf("handed_on") + 1}`;
  }

  private countOf(kind: string): number {
    return this.own.filter(({ what }) => what.kind === kind || (what.kind === "exhibit" && what.what.kind === kind)).length;
  }

  /** The signed text of an own entry, to be shown as a code. */
  signedOf(sequence: number): Envelope | undefined {
    const all = this.phone.export().flatMap((message) => (message.kind === "batch" ? message.entries : []));
    return all[sequence - 1];
  }

  /** The finds that were being entered when their screens went, if they weren't entered after all. */
  get drafts(): Draft[] {
    const finds = this.own.flatMap(({ what }) => (what.kind === "found" ? [{ item: what.find.item, cell: what.cell, lay: what.find.lay }] : []));
    return this.begun.filter((draft) => !finds.some((find) => find.item === draft.item && isSamePlace(find, draft)));
  }

  /** The one that lies there: another cell's find is another one. */
  draftAt(cell: CellRef, lay: Find["lay"]): Draft | undefined {
    return this.drafts.find((draft) => isSamePlace(draft, { cell, lay }));
  }

  async keepDraft(draft: Draft): Promise<void> {
    await this.keepDrafts([...this.begun.filter((one) => !isSamePlace(one, draft)), draft]);
  }

  async dropDraft(draft: Draft): Promise<void> {
    await this.keepDrafts(this.begun.filter((one) => !isSamePlace(one, draft)));
  }

  private async keepDrafts(drafts: Draft[]): Promise<void> {
    this.begun = drafts;
    await this.store.keepValue("drafts", drafts);
  }

  /** Enters a find. Another one may have been entered since it was begun, and has its name. */
  async enterFind(draft: Draft, toFind: (draft: Draft) => Find): Promise<void> {
    const taken = this.own.some(({ what }) => what.kind === "found" && what.find.item === draft.item);
    const named = taken ? { ...draft, item: this.nextItem() } : draft;
    if (taken) await this.keepDraft(named);
    await this.enter({ kind: "found", cell: named.cell, find: toFind(named) });
  }

  /** Everything up to now was taken off the phone. */
  async rescued(): Promise<void> {
    await this.store.keepValue("rescued", this.phone.last);
    this.rescuedUpTo = this.phone.last;
    this.changed();
  }

  /** How a call for help stands. */
  helped(help: Help): void {
    this.help = help;
    this.changed();
  }

  /** Keeps a photo and counts it as unsent. */
  async keepPhoto(photo: Photo): Promise<void> {
    await this.store.keepPhoto(photo);
    this.photosLeft.add(photo.file);
  }

  /** Photos with their digests computed anew from what is kept here. */
  async rehash(photos: readonly Attachment[]): Promise<Attachment[]> {
    const kept = await Promise.all(photos.map(({ file }) => this.store.photo(file)));
    return kept.flatMap((photo) => (photo === undefined ? [] : { file: photo.file, digest: photo.digest }));
  }

  /** Photos of entered finds that the server doesn't have. */
  get photosToSend(): string[] {
    const files = this.own.flatMap(({ what }) => (what.kind === "found" ? what.find.photos.map((photo) => photo.file) : []));
    return files.filter((file) => this.photosLeft.has(file));
  }

  async photoSent(file: string): Promise<void> {
    await this.store.photoSent(file);
    this.photosLeft.delete(file);
    this.changed();
  }

  /** Takes an acknowledgement of a hand-over that was read off a screen. */
  async keepShown(shown: Shown): Promise<void> {
    await this.store.keepShown(shown.entry.id, shown.signed);
    this.shown = [...this.shown.filter((one) => one.entry.id !== shown.entry.id), shown];
    this.changed();
  }

  /** Takes the newest bundle. */
  async renewed(bundle: Bundle): Promise<void> {
    const enrolment = { ...this.enrolment, bundle };
    await this.store.keepValue("enrolment", enrolment);
    this.enrolment = enrolment;
    this.changed();
  }

  /** Signs what isn't an entry: that it is this device that asks. */
  async prove(text: string): Promise<Envelope> {
    return sign(this.key, text);
  }

  /** The device's key, as the server takes it. */
  get publicKey(): string {
    return this.key.publicKey;
  }

  /** The server knows the device anew, of the same day. What is kept stays as it is. */
  async admitted(enrolment: Enrolment): Promise<void> {
    await this.store.keepValue("enrolment", enrolment);
    this.enrolment = enrolment;
    this.connection = "not_tried";
    this.changed();
    this.onEntered();
  }

  /** What proves to the server that it is this device. */
  get token(): string {
    return this.enrolment.token;
  }

  /** Takes a word of command that was read off a screen; false where it isn't command's. */
  async heardByCode(signed: Envelope): Promise<boolean> {
    const word = await commandsWord(signed, this.enrolment.bundle.command);
    if (word === undefined) return false;
    if (!this.words.some((known) => known.entry.id === word.entry.id)) await this.keepWords([word]);
    return true;
  }

  hello(now: Tick): FromPhone {
    return this.phone.hello(now);
  }

  batch(): FromPhone | undefined {
    return this.phone.batch();
  }

  /** Everything, for a desk to take off this device. */
  export(): FromPhone[] {
    return this.phone.export();
  }

  /** Takes what the server sent, and keeps what it brought before it counts. */
  async receive(message: FromServer, now: Tick): Promise<void> {
    const before = this.phone.heard;
    const heard = this.phone.receive(message, now);
    this.sync = {
      acknowledged: this.phone.acknowledged,
      heard: this.phone.heard.count,
      mark: this.phone.heard.mark,
      standing: message.kind === "welcome" ? message.standing : this.sync.standing,
      reading: heard.reading ?? this.sync.reading,
      heardAt: now.clock,
    };
    const news = await Promise.all(heard.news.map((signed) => commandsWord(signed, this.enrolment.bundle.command)));
    const known = new Set(this.words.map((word) => word.entry.id));
    try {
      await this.keepWords(news.filter((word) => word !== undefined && !known.has(word.entry.id)) as Word[]);
    } catch {
      // The disk is full: what was heard is shown all the same, and asked for again until it is kept.
      this.phone.unhear(before);
      this.sync = { ...this.sync, heard: before.count, mark: before.mark };
    }
    if (this.sync.standing === "revoked") await this.forget().catch(() => undefined);
    if (heard.reading !== undefined) await this.enterReading(heard.reading);
  }

  /** Shows words and keeps them; rejects where only the second can't be done. */
  private async keepWords(words: Word[]): Promise<void> {
    this.words = [...this.words, ...words];
    this.unkept = [...this.unkept, ...words];
    this.changed();
    const keeping = this.unkept;
    await this.store.keepWords(keeping.map((word) => word.signed), this.sync);
    this.unkept = this.unkept.filter((word) => !keeping.includes(word));
  }

  /** Command has revoked the device: of the day only what sending needs stays. */
  private async forget(): Promise<void> {
    if (this.forgotten) return;
    this.enrolment = { ...this.enrolment, bundle: bare(this.enrolment.bundle) };
    [this.words, this.unkept, this.begun] = [[], [], []];
    this.changed();
    await this.store.keepOnly(this.enrolment);
    this.forgotten = true;
  }

  private async enterReading(reading: Reading): Promise<void> {
    await this.enter({
      kind: "clock_measured",
      device: this.key.device,
      count: this.phone.last,
      its_time: spellInstant(reading.its),
      true_time: reading.truth,
      within_ms: reading.within,
    });
  }

  /** Whether the command post answers. */
  connected(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.changed();
  }

  /** Destroys keys and all that was kept. */
  async destroy(): Promise<void> {
    this.phone.shred();
    await this.store.destroy();
  }

  private changed(): void {
    this.last = undefined;
    this.listeners.forEach((listener) => listener());
  }

  private look(): View {
    const { bundle } = this.enrolment;
    const planned = plannedCells(bundle, siteOf(bundle), this.words);
    const acknowledgements = this.shown.map((one) => one.entry);
    return {
      bundle,
      phase: this.phone.phase,
      standing: this.sync.standing,
      entries: [...this.own],
      cells: cellStates(planned, this.own),
      custody: custody(this.own, acknowledgements),
      words: this.words,
      unseen: unseen(this.words, this.own),
      aborted: this.words.some(isAbort),
      unsent: this.phone.unsent,
      photosUnsent: this.photosToSend.length,
      connection: this.connection,
      heardAt: this.sync.heardAt,
      clockAdd: this.sync.reading === undefined ? undefined : clockAdd(this.sync.reading),
      persisted: this.persisted,
      rescued: this.rescuedUpTo >= this.phone.last && this.phone.last > 0,
      help: this.help,
    };
  }
}

/**
 * What the device keeps, in IndexedDB. A write has reached the disk when its promise is fulfilled (strict
 * durability); nothing is shown as entered before that.
 */

import { type DBSchema, type IDBPDatabase, openDB, deleteDB } from "idb";
import { type Envelope, envelope } from "../core/entry";
import { list } from "../core/shape";
import { type Bytes, sha256 } from "./bytes";
import type { SigningKey } from "./keys";
import { type Sealed, seal, sealJson, unseal, unsealJson } from "./sealing";

const NAME = "cellsweep-phone";
const VERSION = 1;

/** A photo on its way to the server. */
interface KeptPhoto {
  sealed: Sealed;
  digest: string;
  sent: boolean;
}

interface Schema extends DBSchema {
  /** The keys. */
  keys: { key: "signing" | "day"; value: SigningKey | CryptoKey };
  /** Single values: the enrolment, how far the sync is, a find that is being entered. */
  values: { key: string; value: Sealed };
  /** The device's entries by number. */
  outbox: { key: number; value: Sealed };
  /** Command's words in the order in which they came. */
  words: { key: number; value: Sealed };
  /** Entries of others that this device was shown by code, by their id. */
  shown: { key: string; value: Sealed };
  /** Photos by file name. */
  photos: { key: string; value: KeptPhoto };
}

/** A photo. */
export interface Photo {
  file: string;
  bytes: Bytes;
  digest: string;
}

type Database = IDBPDatabase<Schema>;
type Lists = "outbox" | "words" | "shown";

async function open(): Promise<Database> {
  return openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("keys");
      db.createObjectStore("values");
      db.createObjectStore("outbox");
      db.createObjectStore("words", { autoIncrement: true });
      db.createObjectStore("shown");
      db.createObjectStore("photos");
    },
  });
}

const STRICT = { durability: "strict" } as const;

/** A device that is not enrolled: it has at most its own key. */
export class Bare {
  private constructor(private readonly db: Database) {}

  static async open(): Promise<Bare> {
    return new Bare(await open());
  }

  async signingKey(): Promise<SigningKey | undefined> {
    return (await this.db.get("keys", "signing")) as SigningKey | undefined;
  }

  /** Keeps the key before anybody is told of it. */
  async keepSigningKey(key: SigningKey): Promise<void> {
    const tx = this.db.transaction("keys", "readwrite", STRICT);
    await Promise.all([tx.store.put(key, "signing"), tx.done]);
  }

  /** Keeps the day's key and the enrolment, both or neither. */
  async enrol(day: CryptoKey, enrolment: unknown): Promise<Store> {
    const sealed = await sealJson(day, "values/enrolment", enrolment);
    const tx = this.db.transaction(["keys", "values"], "readwrite", STRICT);
    await Promise.all([
      tx.objectStore("keys").put(day, "day"),
      tx.objectStore("values").put(sealed, "enrolment"),
      tx.done,
    ]);
    return new Store(this.db, day);
  }

  /** What was enrolled, if it was. */
  async enrolled(): Promise<Store | undefined> {
    const day = (await this.db.get("keys", "day")) as CryptoKey | undefined;
    return day === undefined ? undefined : new Store(this.db, day);
  }
}

/** A device that is enrolled. */
export class Store {
  constructor(
    private readonly db: Database,
    private readonly day: CryptoKey,
  ) {}

  async value(name: string): Promise<unknown> {
    const sealed = await this.db.get("values", name);
    return sealed === undefined ? undefined : unsealJson(this.day, `values/${name}`, sealed);
  }

  async keepValue(name: string, value: unknown): Promise<void> {
    const sealed = await sealJson(this.day, `values/${name}`, value);
    const tx = this.db.transaction("values", "readwrite", STRICT);
    await Promise.all([tx.store.put(sealed, name), tx.done]);
  }

  /** Of what the device was told and hasn't entered, this alone stays. */
  async keepOnly(enrolment: unknown): Promise<void> {
    const sealed = await sealJson(this.day, "values/enrolment", enrolment);
    const tx = this.db.transaction(["words", "values"], "readwrite", STRICT);
    await Promise.all([
      tx.objectStore("words").clear(),
      tx.objectStore("values").delete("drafts"),
      tx.objectStore("values").put(sealed, "enrolment"),
      tx.done,
    ]);
  }

  /** Keeps an entry. Fails where the number is taken. */
  async keepEntry(sequence: number, signed: Envelope): Promise<void> {
    const entry = await sealJson(this.day, "outbox", signed);
    const tx = this.db.transaction("outbox", "readwrite", STRICT);
    await Promise.all([tx.store.add(entry, sequence), tx.done]);
  }

  /** Keeps a photo before its find is entered. */
  async keepPhoto(photo: Photo): Promise<void> {
    const sealed = await seal(this.day, `photos/${photo.file}`, photo.bytes);
    const tx = this.db.transaction("photos", "readwrite", STRICT);
    await Promise.all([tx.store.put({ sealed, digest: photo.digest, sent: false }, photo.file), tx.done]);
  }

  /** Keeps command's words and how far the sync is, all or nothing. */
  async keepWords(words: readonly Envelope[], sync: unknown): Promise<void> {
    const sealed = await Promise.all(words.map((word) => sealJson(this.day, "words", word)));
    const state = await sealJson(this.day, "values/sync", sync);
    const tx = this.db.transaction(["words", "values"], "readwrite", STRICT);
    await Promise.all([
      ...sealed.map((word) => tx.objectStore("words").add(word)),
      tx.objectStore("values").put(state, "sync"),
      tx.done,
    ]);
  }

  /** Keeps an entry of somebody else's device. */
  async keepShown(id: string, signed: Envelope): Promise<void> {
    const sealed = await sealJson(this.day, "shown", signed);
    const tx = this.db.transaction("shown", "readwrite", STRICT);
    await Promise.all([tx.store.put(sealed, id), tx.done]);
  }

  /** All of a list, in its order. */
  async all(name: Lists): Promise<Envelope[]> {
    const sealed = await this.db.getAll(name);
    const opened = await Promise.all(sealed.map((one) => unsealJson(this.day, name, one)));
    return list(envelope).take(opened, name);
  }

  /** The names of photos that the server doesn't have yet. */
  async unsentPhotos(): Promise<string[]> {
    const files: string[] = [];
    for (let cursor = await this.db.transaction("photos").store.openCursor(); cursor; cursor = await cursor.continue()) {
      if (!cursor.value.sent) files.push(cursor.key);
    }
    return files;
  }

  async photo(file: string): Promise<Photo | undefined> {
    const kept = await this.db.get("photos", file);
    if (kept === undefined) return undefined;
    const bytes = await unseal(this.day, `photos/${file}`, kept.sealed);
    return { file, bytes, digest: await sha256(bytes) };
  }

  /** The server has it. */
  async photoSent(file: string): Promise<void> {
    const tx = this.db.transaction("photos", "readwrite");
    const kept = await tx.store.get(file);
    if (kept !== undefined) await tx.store.put({ ...kept, sent: true }, file);
    await tx.done;
  }

  /** Destroys the keys first, and then all that lay under them. */
  async destroy(): Promise<void> {
    const tx = this.db.transaction("keys", "readwrite", STRICT);
    await Promise.all([tx.store.clear(), tx.done]);
    this.db.close();
    await deleteDB(NAME);
  }
}

import { afterEach, expect, test, vi } from "vitest";
import { type Draft, beginning } from "../core/draft";
import { type Entry, type Envelope, type Find, spell, type What } from "../core/entry";
import { Ranges } from "../core/ranges";
import { deviceOf, makeKey, sign, type SigningKey } from "./keys";
import { enrolAgain } from "./enrolling";
import { mayGo, Session } from "./session";
import type { Store } from "./store";

const AT = "2026-03-01T06:00:00Z";
const tick = { clock: Date.parse(AT), steady: 0 };
const a1 = { facility: "F1", cell: "A1" };
const a2 = { facility: "F1", cell: "A2" };

/** What a phone keeps, for as long as the test lasts; it is full as often as it is told. */
class Disk {
  full = 0;
  readonly values = new Map<string, unknown>();
  readonly lists = { outbox: [] as Envelope[], words: [] as Envelope[], shown: [] as Envelope[] };

  private written(write: () => void): Promise<void> {
    if (this.full > 0) {
      this.full -= 1;
      return Promise.reject(new DOMException("full", "QuotaExceededError"));
    }
    write();
    return Promise.resolve();
  }

  value = (name: string) => Promise.resolve(this.values.get(name));
  keepValue = (name: string, value: unknown) => this.written(() => this.values.set(name, value));
  all = (name: "outbox" | "words" | "shown") => Promise.resolve(this.lists[name]);
  keepEntry = (_: number, signed: Envelope) => this.written(() => this.lists.outbox.push(signed));
  keepWords = (words: Envelope[], sync: unknown) =>
    this.written(() => {
      this.lists.words.push(...words);
      this.values.set("sync", JSON.parse(JSON.stringify(sync)));
    });
  keepOnly = (enrolment: unknown) =>
    this.written(() => {
      this.lists.words = [];
      this.values.delete("drafts");
      this.values.set("enrolment", enrolment);
    });
  unsentPhotos = () => Promise.resolve([]);
}

function bundleOf(device: string, commander: SigningKey, operation = "run-1") {
  const cell = {
    order: 1, wave: 1, target: "cell", start: AT, minutes: 20, detector: "visual", held: [{ name: "4711" }], look_for: [], hiding_places: [],
  };
  return {
    v: 1, day: { operation }, you: { device, post: { team: "A" }, officer: { id: "17", name: "17" }, standing: "enrolled" },
    command: [{ device: commander.device, key: commander.publicKey }], sites: [{ facility: "F1", name: "One" }], receivers: [],
    cells: [{ ...cell, cell: a1 }, { ...cell, cell: a2 }], plan_number: 0,
    words: { on_person: { fr: "", en: "" }, in_body: { fr: "", en: "" } },
  };
}

async function opened() {
  const [key, commander] = [await makeKey(), await makeKey()];
  const disk = new Disk();
  disk.values.set("enrolment", { token: "before", bundle: bundleOf(key.device, commander) });
  const open = () => Session.open(disk as unknown as Store, key, true);
  return { key, commander, disk, open, session: await open() };
}

async function word(commander: SigningKey, sequence: number, what: What): Promise<Envelope> {
  const { device } = commander;
  const entry: Entry = { v: 1, id: `${device}:${sequence}`, occurred: AT, device, sequence, by: { id: "c", name: "c" }, what };
  return sign(commander, spell(entry));
}

const stop = (commander: SigningKey) => word(commander, 1, { kind: "aborted", scope: "all", why: "enough" });

test("a word that the full disk doesn't take is shown, asked for again, and kept once", async () => {
  const { key, commander, disk, open, session } = await opened();
  const entries = [await stop(commander)];
  const news = { kind: "news", device: key.device, after: 0, upto: 1, mark: "1".repeat(32), entries } as const;
  disk.full = 1;
  await session.receive(news, tick);
  expect(session.view().aborted).toBe(true);
  expect(session.hello(tick)).toMatchObject({ heard: 0 });
  await session.receive(news, tick);
  expect(session.view().words).toHaveLength(1);
  const again = await open();
  expect(again.view().words).toHaveLength(1);
  expect(again.hello(tick)).toMatchObject({ heard: 1, mark: "1".repeat(32) });
});

test("a revoked phone keeps what it has to send, and nothing of cells and words", async () => {
  const { key, commander, disk, open, session } = await opened();
  await session.receive({ kind: "news", device: key.device, after: 0, upto: 1, entries: [await stop(commander)] }, tick);
  await session.enter({ kind: "nothing_found", cell: a1 });
  await session.keepDraft(beginning(a2, session.nextItem(), "cell", []));
  await session.receive({ kind: "welcome", device: key.device, clock: AT, echo: AT, have: Ranges.none, standing: "revoked" }, tick);
  for (const phone of [session, await open()]) {
    const { bundle, words, unsent, standing } = phone.view();
    expect([bundle.cells, words, phone.drafts, unsent, standing]).toEqual([[], [], [], 1, "revoked"]);
  }
  expect(JSON.stringify([...disk.values])).not.toContain("4711");
});

test("a find that was begun in one cell is never another cell's, nor takes its name", async () => {
  const { open, session } = await opened();
  const find = (draft: Draft): Find => ({
    item: draft.item, kind: "other", class: "not_applicable", description: "x", imei: "not_applicable", second_imei: "not_applicable",
    sims: [], state: "not_applicable", screen: "not_applicable", lay: draft.lay, hiding_place: undefined, photos: [], seal: "not_yet", witnesses: [],
  });
  await session.keepDraft(beginning(a1, session.nextItem(), "person", []));
  expect([session.draftAt(a2, "person"), session.draftAt(a1, "cell")]).toEqual([undefined, undefined]);
  await session.enterFind(beginning(a2, session.nextItem(), "cell", []), find);
  const after = await open();
  const kept = after.draftAt(a1, "person");
  if (kept === undefined) throw new Error("it was lost");
  await after.enterFind(kept, find);
  const items = after.view().entries.flatMap(({ what }) => (what.kind === "found" ? [[what.cell.cell, what.find.item, what.find.lay]] : []));
  const device = after.view().bundle.you.device;
  expect(items).toEqual([["A2", `${device}-i1`, "cell"], ["A1", `${device}-i2`, "person"]]);
  expect(after.drafts).toEqual([]);
});

test.each([
  [{ phase: "done", photosUnsent: 0, rescued: false }, true],
  [{ phase: "sending", photosUnsent: 0, rescued: true }, true],
  [{ phase: "sending", photosUnsent: 0, rescued: false }, false],
  [{ phase: "sending", photosUnsent: 1, rescued: true }, false],
  [{ phase: "done", photosUnsent: 1, rescued: true }, false],
  [{ phase: "entering", photosUnsent: 0, rescued: true }, false],
] as const)("a phone is emptied once nothing is on it alone: %j", (view, may) => {
  expect(mayGo(view)).toBe(may);
});

afterEach(() => vi.unstubAllGlobals());

test("a phone that the server lost is known again by a new code, and keeps what it has; another day's code changes nothing", async () => {
  const { key, commander, session } = await opened();
  await session.enter({ kind: "nothing_found", cell: a1 });
  const answers = (operation: string) => {
    const answer = { token: `of ${operation}`, cache_key: btoa("x".repeat(32)), bundle: bundleOf(key.device, commander, operation) };
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(answer))));
  };
  answers("run-2");
  expect(await enrolAgain(session, "AAAA-BBBB-CCCC")).toBe("otherDay");
  expect(session.token).toBe("before");
  answers("run-1");
  expect(await enrolAgain(session, "AAAA-BBBB-CCCC")).toBeUndefined();
  expect([session.token, session.view().unsent, await deviceOf(session.publicKey)]).toEqual(["of run-1", 1, key.device]);
});

import { expect, test } from "@playwright/test";
import { en } from "../../src/phone/words/en";
import { find, goToNext, start } from "./officer";
import { type Logged, Phone, Server } from "./world";

const w = en;
let server: Server;
test.beforeEach(async () => {
  server = await Server.start();
});
test.afterEach(async () => {
  await server.stop();
});

/** The phone is switched off and on. */
async function coldStart(phone: Phone): Promise<void> {
  await phone.page.close();
  phone.page = await phone.context.newPage();
  await phone.page.goto(`${server.origin}/phone/`);
}

/** A device's entries are each there once, with a good signature and without a gap. */
function once(entries: readonly Logged[], device: string): Logged[] {
  const own = entries.filter((entry) => entry.device === device);
  expect(own.map((entry) => entry.sequence).sort((a, b) => a - b)).toEqual(own.map((_, at) => at + 1));
  expect(own.every((entry) => entry.checked === "good")).toBe(true);
  return own;
}

test("a find that was begun in one cell is no other cell's, and is gone on with in its own", async () => {
  const phone = await Phone.take();
  await phone.enrol(await server.invite("M-0102"));
  const first = await goToNext(phone);
  await start(phone);
  await phone.press(w.cell.found);
  await phone.press(w.classes.mini);
  await coldStart(phone);
  await phone.press(w.day.other);
  await phone.page.getByLabel(w.day.otherName).fill("X-1");
  await phone.press(w.find.goOn);
  await start(phone);
  // From the first question on, and entered in the cell that the officer stands in.
  await find(phone);
  await coldStart(phone);
  await phone.press(w.find.resume(first));
  await expect(phone.page.getByRole("button", { name: w.find.off })).toBeVisible();
  await phone.allSent();
  await expect.poll(async () => (await server.wall()).finds.map(({ cell }) => cell)).toEqual(["X-1"]);
  await phone.close();
});

test("a whole plan is searched without a network, after a cold start, and arrives once", async () => {
  const phone = await Phone.take();
  await phone.enrol(await server.invite("M-0101"));
  const device = await phone.device();
  await phone.settled();
  await phone.allSent();

  // The server is gone and the phone is switched off and on.
  await server.kill();
  await coldStart(phone);

  const cells: string[] = [];
  let touches = 0;
  while (await anyLeft(phone)) {
    cells.push(await goToNext(phone));
    await start(phone);
    if (cells.length === 1) {
      touches = await find(phone);
      await phone.press(w.cell.done);
    } else {
      await phone.press(w.cell.nothing);
    }
  }
  expect(touches).toBeLessThanOrEqual(8);
  expect(cells.length).toBeGreaterThan(1);
  expect(Number(await phone.page.locator("[data-unsent]").getAttribute("data-unsent"))).toBeGreaterThanOrEqual(2 * cells.length);

  await server.up();
  await phone.page.locator("[data-unsent]").click();
  await phone.press(w.status.sendNow);
  await phone.allSent();
  const own = once(server.entries(), device);
  const of = (kind: string) => own.filter((entry) => entry.what.kind === kind);
  expect(of("started")).toHaveLength(cells.length);
  expect(of("nothing_found")).toHaveLength(cells.length - 1);
  expect(of("found")).toHaveLength(1);
  expect(of("found")[0]?.what).toMatchObject({
    find: { class: "mini", state: "off", screen: "dark", imei: { printed: "490154203237518" }, seal: { seal: "490154203237518" } },
  });
  await expect.poll(async () => (await server.wall()).finds.length).toBe(1);
  await phone.close();
});

async function anyLeft(phone: Phone): Promise<boolean> {
  await expect(phone.page.getByRole("button", { name: w.day.exhibits })).toBeVisible();
  return (await phone.page.locator("[data-next]").count()) > 0;
}

test("command's word reaches the phone and is answered as seen", async () => {
  const phone = await Phone.take();
  await phone.enrol(await server.invite("M-0102"));
  await phone.allSent();
  await server.command({ kind: "announced", to: "all", text: "Slower, please" });
  const dialog = phone.page.getByRole("alertdialog");
  await expect(dialog).toContainText("Slower, please");
  await phone.press(w.words.seen);
  await server.command({ kind: "aborted", scope: "all", why: "Fire in the yard" });
  await expect(dialog).toContainText(w.words.abort);
  await phone.press(w.words.seen);
  await expect.poll(() => server.entries().filter((entry) => entry.what.kind === "seen").length).toBe(2);
  await phone.close();
});

test("a call for help reaches the command post by the quickest path and as an entry", async () => {
  const phone = await Phone.take();
  await phone.enrol(await server.invite("M-0103"));
  const cell = await goToNext(phone);
  await start(phone);
  await phone.press(w.distress.button);
  await phone.press(w.distress.hold);
  await expect(phone.page.getByText(w.distress.sent)).toBeVisible();
  await expect.poll(() => server.entries().map((entry) => entry.what.kind)).toContain("distress");
  await expect.poll(async () => JSON.stringify((await server.wall()).distress)).toContain(cell);
  await phone.close();
});

test("at the end of the day nothing is left on the phone", async () => {
  const phone = await Phone.take();
  await phone.enrol(await server.invite("M-0104"));
  await phone.page.locator("[data-unsent]").click();
  await phone.press(w.end.title);
  await phone.press(w.end.enter);
  await expect(phone.page.getByText(w.end.done)).toBeVisible();
  await phone.press(w.end.destroy);
  await phone.press(w.end.sure);
  await expect(phone.page.getByText(w.enrol.over)).toBeVisible();
  const left = await phone.page.evaluate(async () => {
    const open = indexedDB.open("cellsweep-phone");
    await new Promise((done) => (open.onsuccess = done));
    const stores = [...open.result.objectStoreNames];
    const counts = stores.map((name) => open.result.transaction(name).objectStore(name).count());
    await Promise.all(counts.map((count) => new Promise((done) => (count.onsuccess = done))));
    return counts.map((count) => count.result);
  });
  expect(left.every((count) => count === 0)).toBe(true);
  await phone.close();
});

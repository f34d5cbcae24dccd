import { expect, type Locator, test } from "@playwright/test";
import { en } from "../../src/phone/words/en";
import { find, goToNext, start } from "./officer";
import { screenVideo } from "./video";
import { Phone, Server } from "./world";

const w = en;

test("a sealed item goes from phone to phone without a network, complete when the receiver has acknowledged", async () => {
  const server = await Server.start();
  const giver = await Phone.take("en", "353918057234565");
  const receiver = await Phone.take("en");
  try {
    await giver.enrol(await server.invite("M-0201"));
    await receiver.enrol(await server.invite("M-0202", "desk"));
    await Promise.all([giver.settled(), receiver.settled()]);
    await goToNext(giver);
    await start(giver);
    await find(giver);
    await server.kill();

    // The receiver's code, read by the giver.
    await receiver.press(w.day.exhibits);
    await receiver.press(w.exhibits.mine);
    await giver.press(w.cell.done);
    await giver.press(w.day.exhibits);
    await giver.press(w.exhibits.give);
    await hold(giver, receiver.page.getByRole("img", { name: w.exhibits.mine }));
    await giver.press(w.exhibits.toScan);

    // The offer, read by the receiver.
    const offer = giver.page.getByRole("img", { name: w.exhibits.show });
    await expect(offer).toBeVisible();
    await receiver.page.goBack();
    await hold(receiver, offer);
    await receiver.press(w.exhibits.receive);
    await expect(receiver.page.getByText("353918057234565")).toBeVisible();
    await receiver.press(w.exhibits.intact);

    // The receipt, read by the giver: complete only now.
    const receipt = receiver.page.getByRole("img", { name: w.exhibits.showBack });
    await expect(receipt).toBeVisible();
    await expect(giver.page.getByText(w.exhibits.complete)).toHaveCount(0);
    await hold(giver, receipt);
    await giver.press(w.exhibits.readBack);
    await expect(giver.page.getByText(w.exhibits.complete)).toBeVisible();
    await giver.press(w.close);
    await giver.press(w.day.exhibits);
    await expect(giver.page.getByText(w.exhibits.none)).toBeVisible();

    // Both sides arrive, each from its own phone.
    await server.up();
    for (const phone of [giver, receiver]) {
      await phone.page.goto(`${server.origin}/phone/`);
      await phone.allSent();
    }
    const whats = server.entries().flatMap(({ what }) => (what.kind === "exhibit" ? [(what.what as { kind: string }).kind] : []));
    expect(whats.sort()).toEqual(["acknowledged", "handed_on"]);
  } finally {
    await Promise.all([giver.close(), receiver.close()]);
    await server.stop();
  }
});

/** Holds a phone's screen before another one's camera. */
async function hold(phone: Phone, code: Locator): Promise<void> {
  const png = (await code.screenshot()).toString("base64");
  const { width, height, grey } = await phone.page.evaluate(grey64, png);
  screenVideo(phone.video, { width, height, luma: Buffer.from(grey, "base64") });
}

/** A picture's grey values. */
async function grey64(png: string): Promise<{ width: number; height: number; grey: string }> {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0);
  const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: new Uint8ClampedArray() };
  const grey = Array.from({ length: data.length / 4 }, (_, at) => String.fromCharCode(data[at * 4] ?? 0));
  return { width: image.width, height: image.height, grey: btoa(grey.join("")) };
}

test("a phone that finds no network gives its entries to a desk's phone by codes", async () => {
  const server = await Server.start();
  const lost = await Phone.take("en");
  const desk = await Phone.take("en");
  try {
    await lost.enrol(await server.invite("M-0301"));
    await desk.enrol(await server.invite("M-0302", "desk"));
    const device = await lost.device();
    await lost.context.setOffline(true);
    await goToNext(lost);
    await start(lost);
    await lost.press(w.cell.nothing);
    await lost.page.locator("[data-unsent]").click();
    await lost.press(w.rescue.title);
    await lost.press(w.rescue.codes);
    const heading = lost.page.getByRole("heading", { name: /^Code \d+ of \d+$/ });
    const count = Number(/of (\d+)$/.exec((await heading.textContent()) ?? "")?.[1]);
    for (let at = 1; at <= count; at++) {
      await hold(desk, lost.page.getByRole("img", { name: w.rescue.code(at, count) }));
      await desk.press(w.day.scan);
      await expect(desk.page.getByText(at < count ? w.scan.parts(at, count) : w.scan.rescued)).toBeVisible();
      if (at < count) {
        await desk.press(w.close);
        await lost.press(w.rescue.next);
      }
    }
    await expect.poll(() => server.entries().filter((entry) => entry.device === device).map((entry) => entry.what.kind)).toContain("nothing_found");
  } finally {
    await Promise.all([lost.close(), desk.close()]);
    await server.stop();
  }
});

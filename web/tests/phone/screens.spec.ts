import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { Phone, Server } from "./world";
import { en } from "../../src/phone/words/en";
import { fr } from "../../src/phone/words/fr";

/** Where pictures of each screen go, if anywhere. */
const SHOTS = process.env.CELLSWEEP_SHOTS;
const words = { en, fr };

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(async () => {
  await server.stop();
});

for (const lang of ["fr", "en"] as const) {
  test(`every screen can be read and touched by everybody, ${lang}`, async () => {
    const w = words[lang];
    const phone = await Phone.take(lang);
    const { page } = phone;
    const look = async (name: string) => {
      for (const scheme of ["dark", "light"]) {
        await page.evaluate((one) => (document.documentElement.dataset.scheme = one), scheme);
        if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}-${lang}-${scheme}.png` });
        const axe = new AxeBuilder({ page });
        // The colours are all that changes.
        const { violations } = await (scheme === "dark" ? axe : axe.withRules("color-contrast")).analyze();
        expect(violations.map(({ id, nodes }) => `${name} ${scheme}: ${id} ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      }
      const small = await page.evaluate(tooSmall);
      expect(small, `${name}: too small for a glove`).toEqual([]);
    };

    await page.goto(await server.invite(`M-${lang}`));
    await look("enrol");
    await phone.press(w.enrol.go);
    const next = page.locator("[data-next]");
    await expect(next).toBeVisible();
    const cell = (await next.getAttribute("data-next")) ?? "";
    await look("day");
    await phone.press(w.day.go(cell));
    await look("cell");
    await phone.press(w.cell.couldNot);
    await look("could-not");
    await page.goBack();
    await phone.press(w.cell.start);
    await expect(page.getByRole("button", { name: w.cell.nothing })).toBeVisible();
    await look("cell-running");
    await phone.press(w.cell.interrupt);
    await look("leave");
    await page.goBack();
    await phone.press(w.cell.refer);
    await look("refer");
    await phone.press(w.refer.on_person);
    await look("refer-words");
    await page.goBack();

    await phone.press(w.cell.found);
    await look("find-1-what");
    await phone.press(w.classes.mini);
    await look("find-2-state");
    await page.getByRole("button", { name: w.find.onLit }).click();
    await expect(page.locator("[data-imei]")).toBeVisible();
    await look("find-3-imei");
    await phone.press(w.find.right);
    await expect(page.getByRole("button", { name: w.find.shoot })).toBeEnabled();
    await look("find-4-photo");
    await phone.press(w.find.shoot);
    await expect(page.getByRole("button", { name: w.find.sealUse })).toBeVisible();
    await look("find-5-seal");
    await phone.press(w.find.sealUse);
    await look("find-6-place");
    await phone.press(w.places[0] ?? "");
    await look("find-7-check");
    await phone.press(w.find.enter);
    await expect(page.getByRole("button", { name: w.cell.done })).toBeVisible();
    await look("cell-found");

    await page.goBack();
    await phone.press(w.day.exhibits);
    await look("exhibits");
    await phone.press(w.exhibits.mine);
    await look("my-code");
    await page.goBack();
    await phone.press(w.exhibits.give);
    await look("give");
    await page.getByLabel(w.exhibits.toNumber).fill("M-9999");
    await phone.press(w.find.goOn);
    await expect(page.getByRole("img", { name: w.exhibits.show })).toBeVisible();
    await look("offer");
    await page.goBack();
    await phone.press(w.exhibits.receive);
    await look("receive");
    await phone.press(w.cancel);
    await phone.press(w.day.scan);
    await look("scan");
    await phone.press(w.close);
    await phone.press(w.day.other);
    await look("other-cell");
    await page.goBack();
    await phone.press(w.words.title);
    await look("announcements");
    await page.goBack();
    await phone.press(w.distress.button);
    await look("distress");
    await phone.press(w.distress.hold);
    await look("distress-called");
    await page.goBack();
    await page.locator("[data-unsent]").click();
    await look("status");
    await phone.press(w.rescue.title);
    await phone.press(w.rescue.codes);
    await look("rescue");
    await page.goBack();
    await phone.press(w.end.title);
    await look("end");
    await phone.close();
  });
}

/** Buttons under 56 pixels. */
function tooSmall(): string[] {
  const touched = [...document.querySelectorAll<HTMLElement>("button, a[href], input")];
  return touched
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.width < 55.5 || box.height < 55.5))
    .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`);
}

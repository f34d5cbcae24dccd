import { expect, test } from "@playwright/test";
import { en } from "../../src/phone/words/en";
import { Phone, Server } from "./world";

/** How many made-up days; each has its own faults. */
const SEEDS = Number(process.env.CELLSWEEP_PHONE_SEEDS ?? 5);
const FIRST = Number(process.env.CELLSWEEP_PHONE_FIRST_SEED ?? 1);
const STEPS = 12;
const w = en;

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
  test(`nothing that was shown as entered is lost or doubled, whatever fails, seed ${seed}`, async () => {
    const draw = numbers(seed);
    const server = await Server.start(seed);
    const phone = await Phone.take();
    try {
      await phone.enrol(await server.invite(`M-${1000 + seed}`));
      const device = await phone.device();
      await phone.settled();
      const shown: string[] = [];
      let down = false;
      for (let step = 0; step < STEPS; step++) {
        const fault = draw(8);
        if (fault === 0) await phone.context.setOffline(true);
        if (fault === 1) await phone.context.setOffline(false);
        if (fault === 2 && !down) await server.kill();
        if (fault === 3 && down) await server.up();
        down = fault === 2 ? true : fault === 3 ? false : down;
        const cell = `X-${step}`;
        const dies = draw(4) === 0 ? draw(250) : undefined;
        if (await enter(phone, server.origin, cell, dies)) shown.push(cell);
      }
      await phone.context.setOffline(false);
      if (down) await server.up();
      await phone.page.goto(`${server.origin}/phone/`);
      await phone.allSent();

      const own = server.entries().filter((entry) => entry.device === device);
      const numbered = own.map((entry) => entry.sequence).sort((a, b) => a - b);
      expect(numbered).toEqual(numbered.map((_, at) => at + 1));
      expect(own.every((entry) => entry.checked === "good")).toBe(true);
      const entered = own.flatMap(({ what }) => (what.kind === "could_not" ? [(what.cell as { cell: string }).cell] : []));
      expect(new Set(entered).size).toBe(entered.length);
      expect(entered).toEqual(expect.arrayContaining(shown));
    } finally {
      await phone.close();
      await server.stop();
    }
  });
}

/** Enters that a cell can't be searched; true once the phone shows it as entered. The page may die at any moment of it. */
async function enter(phone: Phone, origin: string, cell: string, dies: number | undefined): Promise<boolean> {
  const { page } = phone;
  await page.goto(`${origin}/phone/`);
  await phone.press(w.day.other);
  await page.getByLabel(w.day.otherName).fill(cell);
  await phone.press(w.find.goOn);
  await phone.press(w.cell.couldNot);
  const pressed = phone.press(w.couldNot.locked);
  if (dies !== undefined) {
    await Promise.race([pressed.catch(() => undefined), page.waitForTimeout(dies)]);
    await phone.die();
    await pressed.catch(() => undefined);
    await phone.page.goto(`${origin}/phone/`);
    await expect(phone.page.getByRole("button", { name: w.day.exhibits })).toBeVisible();
    return (await row(phone, cell).count()) > 0;
  }
  await pressed;
  await expect(row(phone, cell)).toBeVisible();
  return true;
}

function row(phone: Phone, cell: string) {
  return phone.page.getByRole("button").filter({ hasText: new RegExp(`^${cell}${w.statusOf.could_not}$`) });
}

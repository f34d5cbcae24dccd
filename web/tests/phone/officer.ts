/** What officers do, on the screens that they have. */
import { expect } from "@playwright/test";
import { en } from "../../src/phone/words/en";
import type { Phone } from "./world";

const w = en;

/** From the day into its next cell; its name. */
export async function goToNext(phone: Phone): Promise<string> {
  const next = phone.page.locator("[data-next]");
  await expect(next).toBeVisible();
  const cell = (await next.getAttribute("data-next")) ?? "";
  await phone.press(w.day.go(cell));
  return cell;
}

/** Starts the search of the cell that is open. */
export async function start(phone: Phone): Promise<void> {
  await phone.press(w.cell.start);
  await expect(phone.page.getByRole("button", { name: w.cell.found })).toBeVisible();
}

/** Enters a find with an IMEI off the label and the seal that is before the camera; how many touches that took. */
export async function find(phone: Phone): Promise<number> {
  let touches = 0;
  const press = async (name: string | RegExp) => {
    await phone.press(name);
    touches += 1;
  };
  await press(w.cell.found);
  await press(w.classes.mini);
  await phone.page.getByRole("button", { name: w.find.off }).click();
  touches += 1;
  await expect(phone.page.locator("[data-imei]")).toBeVisible();
  await press(w.find.right);
  await expect(phone.page.getByRole("button", { name: w.find.shoot })).toBeEnabled();
  await press(w.find.shoot);
  await expect(phone.page.getByLabel(w.find.sealType)).toBeVisible();
  await press(new RegExp(`^(${w.find.sealUse}|${w.find.sealNext}.*)$`));
  await press(w.places[0] ?? "");
  await press(w.find.enter);
  await expect(phone.page.getByRole("button", { name: w.cell.done })).toBeVisible();
  return touches;
}

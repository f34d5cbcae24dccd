import { expect, test } from "@playwright/test";
import { Seat, accessible } from "./office";

const paths: Record<string, string[]> = {
  investigator: ["/", "/handsets", "a handset", "a facility", "/plan", "/wall", "/imports", "/custody", "/register", "/authorities", "/account"],
  auditor: ["/audit", "/people"],
  administrator: ["/people", "/settings"],
};

for (const [login, all] of Object.entries(paths)) {
  test(`${login}'s pages are accessible, in both languages, light and dark, and no wider than a small phone`, async ({ browser }) => {
    const seat = await Seat.take(browser, login, { lang: "fr" });
    const { page } = seat;
    for (const path of all) {
      await test.step(path, async () => {
        await seat.open(await addressOf(seat, path));
        for (const language of ["Français", "English"]) {
          await page.getByRole("radio", { name: language }).first().click();
          await expect(page.locator("html")).toHaveAttribute("lang", language === "English" ? "en" : "fr");
          for (const scheme of ["light", "dark"]) {
            await page.getByRole("combobox", { name: /^(Apparence|Appearance)$/ }).first().selectOption(scheme);
            await expect(page.locator("html")).toHaveAttribute("data-scheme", scheme);
            await accessible(page);
          }
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1280, height: 720 });
      });
    }
    await seat.leave();
  });
}

async function addressOf(seat: Seat, path: string): Promise<string> {
  if (path.startsWith("/")) return path;
  const { rows } = await seat.read<{ rows: { handset: string; facility: string }[] }>("/handsets");
  const row = rows[0];
  if (!row) throw new Error("the made-up country has no handset");
  return path === "a facility" ? `/facilities/${row.facility}` : `/handsets/${row.handset}?facility=${row.facility}`;
}

import { expect, test } from "@playwright/test";
import { accessible, openAs, someHandset } from "./office";
import type { Look } from "./office";

const looks: Look[] = [{ lang: "fr", scheme: "light" }, { lang: "en", scheme: "dark" }, { lang: "fr", scheme: "contrast" }, { lang: "fr", scheme: "dark" }, { lang: "en", scheme: "light" }];
const paths = ["/", "/handsets", "/facilities/F004", "/plan", "/wall", "/imports", "/custody", "/register", "/authorities", "/audit", "/people", "/settings", "/account"];

for (const look of looks) {
  test(`every page is accessible in ${look.lang}, ${look.scheme}`, async ({ page }) => {
    // What the map draws is not the pages'; its discs and its label are.
    const refused: string[] = [];
    page.on("console", (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    await openAs(page, "everything", "/account", look);
    const { handset, facility } = await someHandset(page);
    for (const path of [...paths, `/handsets/${handset}?facility=${facility}`]) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByRole("status", { name: /Chargement|Loading/ })).toHaveCount(0);
        await accessible(page);
      });
    }
    expect(refused).toEqual([]);
  });
}

test("the sign-in is accessible", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await accessible(page);
});

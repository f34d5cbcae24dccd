import { expect, test } from "@playwright/test";
import { accessible, openAs, signInAs, someHandset } from "./office";

const paths = ["/", "/handsets", "a handset", "/facilities/F004", "/plan", "/wall", "/imports", "/studies", "/studies/jamming", "/studies/routes", "/studies/operation", "/studies/detectors", "/studies/register", "/studies/searches", "/studies/model", "/custody", "/register", "/authorities", "/audit", "/people", "/settings", "/account"];
const schemes = ["dark", "contrast", "light"];

for (const lang of ["fr", "en"] as const) {
  for (const path of paths) {
    test(`${path} is accessible in ${lang}, in every scheme`, async ({ page }) => {
      // What the map draws is not the pages'; its discs and its label are.
      const refused: string[] = [];
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) refused.push(message.text());
      });
      await signInAs(page, "everything", { lang, scheme: "light" });
      await page.goto(path === "a handset" ? await someHandset(page) : path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("status", { name: /Chargement|Loading/ })).toHaveCount(0);
      for (const scheme of schemes) {
        await test.step(scheme, async () => {
          await page.getByRole("combobox", { name: /^(Apparence|Appearance)$/ }).first().selectOption(scheme);
          await expect(page.locator("html")).toHaveAttribute("data-scheme", scheme);
          await accessible(page);
        });
      }
      expect(refused).toEqual([]);
    });
  }
}

test("the menu of a narrow screen is accessible", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAs(page, "everything", "/account");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("dialog", { name: "Menu" })).toBeVisible();
  await accessible(page);
});

for (const scheme of schemes) {
  test(`the sign-in is accessible, the organisation's way included, in ${scheme}`, async ({ page }) => {
    await page.addInitScript((chosen) => localStorage.setItem("cellsweep.scheme", chosen), scheme);
    await page.goto("/?organisation=no-role");
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByRole("link", { name: /Ministère/ })).toBeVisible();
    await accessible(page);
  });
}

test("the sign-in is accessible", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await accessible(page);
});

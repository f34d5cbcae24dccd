import { expect, test } from "@playwright/test";
import { accessible, openAs } from "./office";

test("command looks at a new plan of the rest, says why, and gives it to the sites that it chooses", async ({ page }) => {
  const given: { site: string; why: string }[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/field/command")) return;
    given.push((request.postDataJSON() as { what: { site: string; why: string } }).what);
  });
  await openAs(page, "commander", "/wall");
  await page.getByRole("button", { name: /^(Replanifier|Plan anew)$/ }).click();
  const dialog = page.getByRole("dialog");
  const sites = dialog.getByRole("checkbox");
  await expect(sites).toHaveCount(3);
  await expect(dialog.getByText(/(in time|assez de temps)$/)).toHaveCount(1);
  await dialog.locator("summary").first().click();
  await expect(dialog.getByRole("row").nth(1)).toBeVisible();
  await expect(dialog.getByText(/(has to be searched|doit être fouillée)$/).first()).toBeVisible();
  await accessible(page);
  await sites.nth(1).uncheck();
  const give = dialog.getByRole("button", { name: /2 (établissements|facilities)/ });
  await give.click();
  expect(given, "a reason is asked for first").toEqual([]);
  await dialog.getByRole("textbox").fill("the second yard is shut");
  await give.click();
  await expect(dialog).toHaveCount(0);
  expect(given.map(({ why }) => why)).toEqual(["the second yard is shut", "the second yard is shut"]);
  expect(new Set(given.map(({ site }) => site)).size).toBe(2);
});

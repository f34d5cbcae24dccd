import { expect, test } from "@playwright/test";
import { accessible, openAs } from "./office";

const titles = ["Jamming", "Detectors", "Routes", "What the operation brought", "The register of confiscations", "Searches", "The method itself"];

test("studies: opened from the list by keyboard, and from one to the next", async ({ page }) => {
  await openAs(page, "investigator", "/studies");
  const list = page.getByRole("main").getByRole("list");
  await expect(list.getByRole("listitem")).toHaveCount(7);
  await list.getByRole("link", { name: "Jamming" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Jamming" })).toBeVisible();
  for (const title of titles.slice(1)) {
    const links = page.getByRole("navigation", { name: "Studies" }).getByRole("listitem").getByRole("link");
    await links.nth(titles.indexOf(title)).press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(links.nth(titles.indexOf(title))).toHaveAttribute("aria-current", "page");
  }
});

test("studies: the sentence stands first, how it was reached behind it, and a drawing has its numbers", async ({ page }) => {
  await openAs(page, "investigator", "/studies/jamming");
  await expect(page.getByText("Jamming silences 46% (from 35% to 57%)")).toBeVisible();
  const method = page.getByText("Difference in differences");
  await expect(method).toBeHidden();
  await page.getByText("How", { exact: true }).first().press("Enter");
  await expect(method).toBeVisible();
  await expect(page.getByRole("img", { name: /^Activity against what was expected.*17 values\. standing out: / })).toBeVisible();
  await page.getByText("The figure's numbers").first().press("Enter");
  const numbers = page.getByRole("group", { name: /^Activity against/ }).getByRole("table");
  await expect(numbers.getByRole("row")).toHaveCount(18);
  await expect(numbers.getByRole("row").nth(1).getByRole("cell").first()).toHaveText("−8");
  await accessible(page);
});

test("studies: figures are written as French does", async ({ page }) => {
  await openAs(page, "investigator", "/studies/jamming", { lang: "fr", scheme: "dark" });
  const table = page.getByRole("group", { name: "Le brouillage marche-t-il" }).getByRole("table");
  await expect(table.getByRole("row", { name: "F004" })).toContainText(/1\s204.*2\s219.*−46\s%/);
});

test("studies: what is worked out says so, and what can't be told says why", async ({ page }) => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/v1/studies/jamming", async (route) => {
    await asked;
    await route.fulfill({ status: 409, contentType: "application/problem+json", json: { type: "/problems/not-yet", title: "Not yet", status: 409, detail: "A step has not been run yet." } });
  });
  await page.route("**/api/v1/studies/routes", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", json: { type: "/problems/invalid", title: "Can't be used", status: 422, detail: "No table of ingress has been imported." } }));
  await openAs(page, "investigator", "/studies/jamming");
  await expect(page.getByRole("progressbar", { name: "The study is being worked out." })).toBeVisible();
  await accessible(page);
  answer();
  await expect(page.getByRole("alert")).toContainText("a trace that has not been run yet");
  await expect(page.getByRole("link", { name: "Go to imports" })).toBeVisible();
  await page.goto("/studies/routes");
  await expect(page.getByRole("alert")).toContainText("No table of ingress has been imported.");
  await page.goto("/studies/weather");
  await expect(page.getByText("There is no such page.")).toBeVisible();
});

test("studies: closed to those who may not see them", async ({ page }) => {
  await openAs(page, "custodian", "/studies/jamming");
  await expect(page.getByText("Your role doesn't open this page.")).toBeVisible();
});

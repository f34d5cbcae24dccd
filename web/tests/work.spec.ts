import { expect, test } from "@playwright/test";
import { accessible, openAs, signInAs, someHandset } from "./office";

test("handsets are asked for, sorted and opened from the keyboard", async ({ page }) => {
  await openAs(page, "investigator", "/handsets");
  const table = page.getByRole("table", { name: "Handsets" });
  await expect(table).toHaveAttribute("aria-rowcount", "30001");
  await page.getByLabel("Type").selectOption("mini");
  await page.getByLabel(/Probability of at least/).fill("0.9");
  await expect(page.getByText(/^[\d,]+ of 30,000 handsets$/)).toBeVisible();
  await expect(table).not.toHaveAttribute("aria-rowcount", "30001");
  await table.getByRole("button", { name: "Events" }).click();
  await expect(table.getByRole("columnheader", { name: "Events" })).toHaveAttribute("aria-sort", "descending");
  await table.getByRole("row").nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Handset");
});

test("a decision needs its reason and is then shown", async ({ page }) => {
  await signInAs(page, "investigator");
  await page.goto(await someHandset(page));
  await page.getByRole("radio", { name: "Confirm" }).check();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("To be filled in.")).toBeVisible();
  await page.getByLabel("Why").fill("Sectors and hours agree.");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Decision noted.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Sectors and hours agree." }).first()).toBeVisible();
});

test("a restricted finding is there without a hint", async ({ page }) => {
  await signInAs(page, "investigator");
  await page.goto(await someHandset(page));
  const row = page.getByRole("listitem").filter({ hasText: "Restricted finding" });
  await expect(row).toHaveCount(1);
  await expect(row).not.toContainText("Source");
});

test("a plan is tried against the one that stands, and approved by a magistrate", async ({ page, browser }) => {
  await openAs(page, "investigator", "/plan");
  await page.getByLabel("Waves").fill("none");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByText("A number above zero.")).toBeVisible();
  await page.getByLabel("Waves").fill("2");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByRole("region", { name: "The two plans" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);

  const other = await browser.newContext();
  const magistrate = await other.newPage();
  await openAs(magistrate, "magistrate", "/plan");
  await magistrate.getByRole("button", { name: "Approve" }).click();
  const dialog = magistrate.getByRole("dialog", { name: "Approve this plan" });
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(dialog.getByText("To be filled in.").first()).toBeVisible();
  await dialog.getByLabel("I have read the plan and its limits").check();
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(magistrate.getByText(/Approved by Noémie Lenoir/)).toBeVisible();
  await other.close();
});

for (const [lang, scheme, width] of [["en", "light", 1280], ["fr", "dark", 390]] as const) {
  test(`two kept plans are held against each other, in ${lang}, ${scheme}, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openAs(page, "commander", "/plan", { lang, scheme });
    const fr = lang === "fr";
    const panel = page.getByRole("region", { name: fr ? "Deux plans retenus comparés" : "Two kept plans compared" });
    const kept = panel.getByLabel(fr ? "Premier plan" : "First plan").getByRole("option");
    await expect(kept).not.toHaveCount(0);
    await panel.getByLabel(fr ? "Second plan" : "Second plan").selectOption("P-2026-06");
    await panel.getByLabel(fr ? "Premier plan" : "First plan").selectOption("P-2026-06");
    await expect(panel.getByText(fr ? "Choisissez deux plans différents." : "Choose two different plans.")).toBeVisible();
    await panel.getByLabel(fr ? "Premier plan" : "First plan").selectOption("P-2026-07");
    const totals = panel.getByRole("group", { name: fr ? "Totaux" : "Totals" }).getByRole("table");
    await expect(totals.getByRole("columnheader", { name: "P-2026-07" })).toBeVisible();
    const limits = panel.getByRole("group", { name: fr ? "Limites qui diffèrent" : "Limits that differ" });
    await expect(limits.getByRole("row", { name: "cells 1500 900" })).toBeVisible();
    await expect(panel.getByRole("img", { name: /P-2026-07/ })).toHaveCount(2);
    await expect(panel.locator("path.line.second")).toHaveCount(2);
    await expect(panel.getByRole("table", { name: fr ? "Différences par établissement" : "Differences by facility" }).getByRole("row").nth(1)).toBeVisible();
    await expect(panel.getByText(fr ? "Seulement dans P-2026-07" : "Only in P-2026-07").first()).toBeVisible();
    await expect(panel.getByText(fr ? "1 établissement est laissé de côté" : "1 facility is left out")).toBeVisible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
    await accessible(page);
  });
}

test("of a facility's sectors those heard most come first, and all on demand", async ({ page }) => {
  await openAs(page, "investigator", "/facilities/F004");
  const table = page.getByRole("table", { name: "Sectors" });
  await expect(table.getByRole("row")).toHaveCount(1 + 12);
  await expect(table).toHaveAttribute("aria-rowcount", "21");
  await expect(table.getByRole("row").nth(1)).toContainText("%");
  await page.getByRole("button", { name: "Show all (20)" }).press("Enter");
  await expect(table.getByRole("row")).toHaveCount(1 + 20);
  await expect(page.getByRole("button", { name: "Show all (20)" })).toHaveCount(0);
  // The button is gone; the keyboard goes on in the table.
  await expect(page.getByRole("group", { name: "Sectors" })).toBeFocused();
});

test("what was found stands under its name on the wall, however long its number is", async ({ page }) => {
  await openAs(page, "commander", "/wall");
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const find = page.getByRole("group", { name: "Finds" }).getByRole("listitem").first();
    const [name, number] = await Promise.all([find.locator("strong"), find.locator(".mono")].map((part) => part.boundingBox()));
    if (!name || !number) throw new Error("nothing was found");
    expect(number.y).toBeGreaterThanOrEqual(name.y + name.height - 1);
    expect(await find.evaluate((shown) => shown.scrollWidth - shown.clientWidth)).toBeLessThanOrEqual(0);
  }
});

test("nothing is wider than the screen, from a small phone to a large wall", async ({ page }) => {
  await openAs(page, "everything", "/account", { lang: "fr", scheme: "light" });
  for (const width of [360, 768, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/", "/handsets", "/facilities/F004", "/plan", "/imports", "/custody", "/people", "/wall", "/studies", "/studies/detectors", "/studies/routes"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test("the audit shows who looked, apart from what was done, page after page", async ({ page }) => {
  await openAs(page, "auditor", "/audit");
  await expect(page.getByRole("row", { name: /Plan approved/ }).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Looked at/ })).toHaveCount(0);
  await page.getByRole("radio", { name: "Who looked" }).check();
  await expect(page.getByRole("row", { name: /Looked at a handset.*handset\/x.*Préparation de l'opération/ }).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Plan approved/ })).toHaveCount(0);
  await expect(page.getByRole("row")).toHaveCount(1 + 100);
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.getByRole("row")).toHaveCount(1 + 150);
  await expect(page.getByRole("row", { name: /Looked at/ })).toHaveCount(150);
  await expect(page.getByRole("button", { name: "Older" })).toHaveCount(0);
});

test("a plan is made under the limits that its fields show, also after another one was kept", async ({ page }) => {
  const asked: Record<string, unknown>[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/plan/trial")) asked.push((request.postDataJSON() as { limits: Record<string, unknown> }).limits);
  });
  let standing: unknown = null;
  await page.route("**/api/v1/plan", async (route) => {
    if (route.request().method() === "POST") {
      // As the server keeps it: another plan, and a text with all of its limits.
      const tried = await page.request.post("/api/v1/plan/trial", { headers: { "X-CSRF": "made-up" }, data: route.request().postDataJSON() as object });
      standing = { ...((await tried.json()) as object), id: "P-kept", by: "C. Vasseur" };
    }
    await (standing ? route.fulfill({ json: standing }) : route.fulfill({ status: 404, contentType: "application/problem+json", json: { type: "about:blank", title: "none", status: 404 } }));
  });
  await openAs(page, "investigator", "/plan");
  for (const field of ["Cells in all", "Teams per facility", "Hours", "Waves"]) await expect(page.getByLabel(field, { exact: true })).toHaveValue("");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByRole("region", { name: "Trial" })).toBeVisible();
  expect(asked.pop()).toEqual({ raw: "" });
  await page.getByLabel("Cells in all").fill("1000");
  await page.getByRole("button", { name: "Try" }).click();
  await page.getByRole("button", { name: "Keep this plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep this plan" }).click();
  await expect(page.getByText("P-kept")).toBeVisible();
  await expect(page.getByLabel("Cells in all")).toHaveValue("1000");
  await page.getByLabel("Waves").fill("2");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByRole("region", { name: "The two plans" })).toBeVisible();
  expect(asked.pop()).toEqual({ raw: "cells = 1000\n", waves: 2 });
  await expect(page.getByRole("row", { name: /Cells in all/ })).toContainText("1,000");
});

test("an alert leads to the handset in the facility that it was raised for", async ({ page }) => {
  await openAs(page, "investigator", "/");
  const alerts = page.getByRole("region", { name: "Alerts" });
  await alerts.locator("summary").first().click();
  const link = alerts.getByRole("link", { name: "See the handset" }).first();
  await expect(link).toHaveAttribute("href", /^\/handsets\/\d+\?facility=F\d+$/);
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Handset");
  // A link that somebody wrote down without it, or with nothing behind it, is the likeliest facility's.
  for (const search of ["", "?facility="]) {
    await page.goto(new URL(page.url()).pathname + search);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Handset");
  }
});

test("searches made have no bar on the phones' scale, and halves of hours differ by halves", async ({ page }) => {
  await page.route("**/api/v1/case", async (route) => {
    const response = await route.fetch();
    const found = (await response.json()) as { funnel: { step: string; count: number | null }[] };
    await route.fulfill({ response, json: { ...found, funnel: found.funnel.map((step) => (step.step === "searched" ? { ...step, count: 900_000 } : step)) } });
  });
  await page.route("**/api/v1/plan/trial", async (route) => {
    const response = await route.fetch();
    const tried = (await response.json()) as { limits: object };
    await route.fulfill({ response, json: { ...tried, limits: { ...tried.limits, teams: 2, hours: 2.5 } } });
  });
  await openAs(page, "investigator", "/");
  const searches = page.getByRole("listitem").filter({ hasText: "made since the plan's hour" });
  await expect(searches).toContainText("900,000");
  await expect(searches.locator("i")).toHaveCount(0);
  const sold = page.getByRole("listitem").filter({ hasText: "by the order book" }).locator("i.bar");
  expect(await sold.evaluate((bar) => Number.parseFloat((bar as HTMLElement).style.width))).toBeGreaterThan(90);
  await page.goto("/plan");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByRole("group", { name: "The two plans" }).getByRole("row", { name: /^Hours/ })).toContainText("+0.5");
});

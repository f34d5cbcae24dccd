import { expect, test } from "@playwright/test";
import { accessible, openAs } from "./office";

test("a wrong password is refused beside the form, a code is asked for", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("cellsweep.lang", "en"));
  await page.goto("/");
  await page.getByLabel("Name").fill("investigator");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("refused");
  await page.getByLabel("Password").fill("code");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Six-digit code").fill("123456");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Opération Grand Calme" })).toBeVisible();
});

test("the organisation's sign-in is offered where there is one, and says why it failed", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("cellsweep.lang", "fr"));
  await page.goto("/");
  const button = page.getByRole("link", { name: "Se connecter avec Ministère" });
  await expect(button).toHaveAttribute("href", "/api/v1/organisation");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Se connecter", exact: true }).focus();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: /clé d'accès/ })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(button).toBeFocused();
  for (const [why, words] of [["no-role", "aucun rôle ici"], ["stale", "Recommencez"], ["unreachable", "ne peut être interrogée"], ["<b>x</b>", "Le serveur a commis une erreur"]] as const) {
    await page.goto(`/?organisation=${encodeURIComponent(why)}`);
    await expect(page.getByRole("alert")).toContainText(words);
  }
  await page.route("**/api/v1/session/options", (route) => route.fulfill({ json: { organisation: null } }));
  await page.goto("/");
  await expect(page.getByLabel("Identifiant")).toBeVisible();
  await expect(button).toHaveCount(0);
});

test("an account says whether an app is set up and how many codes are left", async ({ page }) => {
  await page.route("**/api/v1/me/totp", (route) => route.fulfill({ json: { set: true, codes_left: 1 } }));
  await openAs(page, "custodian", "/account");
  await expect(page.getByText("An app is set up.")).toBeVisible();
  await expect(page.getByText("1 recovery code is left.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove the app" })).toBeVisible();
  await page.unroute("**/api/v1/me/totp");
  await page.route("**/api/v1/me/totp", (route) => route.fulfill({ json: { set: false, codes_left: 0 } }));
  await page.reload();
  await expect(page.getByText("No app is set up.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove the app" })).toHaveCount(0);
});

test("a facility is a link for those who may open it", async ({ page }) => {
  await openAs(page, "commander", "/plan");
  await expect(page.getByRole("table", { name: "By facility" }).getByRole("link").first()).toBeVisible();
  await page.route("**/api/v1/me", async (route) => {
    const response = await route.fetch();
    const me = (await response.json()) as { may: string[] };
    await route.fulfill({ response, json: { ...me, may: me.may.filter((action) => action !== "facility.see") } });
  });
  await page.reload();
  await expect(page.getByRole("table", { name: "By facility" })).toBeVisible();
  await expect(page.getByRole("table", { name: "By facility" }).getByRole("link", { name: /^(MA|CP|CD|MC) / })).toHaveCount(0);
});

test("the navigation shows what the role may do, and other addresses say so", async ({ page }) => {
  await openAs(page, "custodian", "/plan");
  await expect(page.getByText("Your role doesn't open this page.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Exhibits" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Plan" })).toHaveCount(0);
  await page.goto("/");
  await expect(page).toHaveURL(/custody$/);
});

test("a page that fails can be tried again", async ({ page }) => {
  let broken = true;
  await page.route("**/api/v1/custody", (route) => (broken ? route.fulfill({ status: 500 }) : route.continue()));
  await openAs(page, "everything", "/custody");
  await expect(page.getByRole("alert")).toContainText("500");
  await accessible(page);
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("what is empty says what to do", async ({ page }) => {
  await page.route("**/api/v1/handsets", (route) => route.fulfill({ json: { rows: [] } }));
  await page.route("**/api/v1/plan", (route) => route.fulfill({ status: 404, contentType: "application/problem+json", json: { type: "about:blank", title: "none", status: 404 } }));
  await page.route("**/api/v1/field/wall", (route) => route.fulfill({ json: { day: null, sites: [], finds: [], flags: [], announcements: [], distress: [], open: [], open_count: 0 } }));
  await openAs(page, "everything", "/handsets");
  await expect(page.getByText("import records, then run a trace")).toBeVisible();
  await page.goto("/plan");
  await expect(page.getByText("No plan yet.")).toBeVisible();
  await page.goto("/wall");
  await expect(page.getByText("No operation is open.")).toBeVisible();
});

test("a consultation asks for its reason once and sends it along", async ({ page }) => {
  const reasons: string[] = [];
  await page.route("**/api/v1/{custody,register}", (route) => {
    const reason = route.request().headers()["x-reason"];
    if (!reason) return route.fulfill({ status: 428, contentType: "application/problem+json", json: { type: "/problems/reason-needed", title: "Reason", status: 428 } });
    reasons.push(decodeURIComponent(reason));
    return route.continue();
  });
  await openAs(page, "everything", "/custody");
  const dialog = page.getByRole("dialog", { name: "Why do you consult these data?" });
  await expect(dialog).toBeVisible();
  await accessible(page);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByText("A few words at least.")).toBeVisible();
  await dialog.getByLabel("Reason for the consultation").fill("Préparation de l'opération");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await page.getByRole("link", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Register/ })).toBeVisible();
  await expect(page.getByRole("table")).toBeVisible();
  expect(reasons).toEqual(["Préparation de l'opération", "Préparation de l'opération"]);
});

test("after a session has ended nothing of it passes on: neither the reason nor what was shown", async ({ page, context }) => {
  const reasons: (string | undefined)[] = [];
  await page.route("**/api/v1/custody", async (route) => {
    const given = route.request().headers()["x-reason"];
    if (!given) return route.fulfill({ status: 428, contentType: "application/problem+json", json: { type: "/problems/reason-needed", title: "Reason needed", status: 428 } });
    reasons.push(given);
    return route.continue();
  });
  await openAs(page, "everything", "/custody");
  const dialog = page.getByRole("dialog", { name: "Why do you consult these data?" });
  await dialog.getByLabel("Reason for the consultation").fill("the first person");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await context.clearCookies();
  await page.getByRole("link", { name: "Register" }).click();
  await page.getByLabel("Name").fill("custodian");
  await page.getByLabel("Password").fill("made-up");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Exhibits" }).click();
  await expect(dialog).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await dialog.getByLabel("Reason for the consultation").fill("the second person");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  expect(reasons).toEqual(["the first person", "the second person"].map((each) => encodeURIComponent(each)));
});

test("who signs in at another page of the browser finds nothing of the one before", async ({ page }) => {
  await openAs(page, "everything", "/custody");
  await expect(page.getByRole("table")).toBeVisible();
  await page.route("**/api/v1/custody", () => new Promise(() => undefined));
  expect((await page.request.post("/api/v1/session", { data: { name: "custodian", password: "made-up" } })).ok()).toBe(true);
  // The server says that something about people changed.
  expect((await page.request.post("/api/v1/made-up/tell/accounts")).ok()).toBe(true);
  await expect(page.getByText("Agnès Roux").first()).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
});

test("a page that one may no longer see isn't shown from what was kept", async ({ page }) => {
  await openAs(page, "everything", "/custody");
  await expect(page.getByRole("table")).toBeVisible();
  await page.route("**/api/v1/custody", (route) => route.fulfill({ status: 403, contentType: "application/problem+json", json: { type: "/problems/forbidden", title: "Not allowed", status: 403, detail: "A role reaches the cases that it was given for." } }));
  expect((await page.request.post("/api/v1/made-up/tell/case")).ok()).toBe(true);
  await expect(page.getByText("Your role doesn't open this page.")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
});

test("a sign-out that fails says so, and the page stays", async ({ page }) => {
  let broken = true;
  await page.route("**/api/v1/session", (route) => (broken && route.request().method() === "DELETE" ? route.fulfill({ status: 503 }) : route.continue()));
  await openAs(page, "custodian", "/custody");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("alert")).toContainText("your session is still open");
  await expect(page.getByRole("table")).toBeVisible();
  await accessible(page);
  broken = false;
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

const refusal = (status: number, text: { fr: string; en: string }, more: object = {}) => ({
  status, contentType: "application/problem+json", json: { type: "/problems/forbidden", title: "Not allowed", status, detail: text.en, text, ...more },
});

test("what is refused is said in the page's language, with the rule's own sentence", async ({ page }) => {
  const rule = { fr: "Un rôle porte sur les dossiers pour lesquels il a été donné, et sur aucun autre.", en: "A role reaches the cases that it was given for, and no other." };
  await page.route("**/api/v1/custody", (route) => route.fulfill(refusal(403, rule)));
  await page.route("**/api/v1/plan/trial", (route) => route.fulfill(refusal(422, { fr: "Un champ ne peut pas être repris tel quel.", en: "A field can't be used as it stands." }, {
    fields: [{ name: "teams", message: "At least one team, and no more than a thousand.", text: { fr: "Au moins une équipe, et mille au plus.", en: "At least one team, and no more than a thousand." } }],
  })));
  await page.route("**/api/v1/plan/approve", (route) => route.fulfill(refusal(403, { fr: "Nul n'approuve ce qu'il a lui-même établi.", en: "Nobody approves what he or she has drawn up." })));
  await openAs(page, "everything", "/custody", { lang: "fr", scheme: "light" });
  await expect(page.getByText(rule.fr)).toBeVisible();
  await accessible(page);
  await page.goto("/plan");
  await page.getByRole("button", { name: "Essayer" }).click();
  await expect(page.getByText("Au moins une équipe, et mille au plus.")).toBeVisible();
  const approve = page.getByRole("button", { name: "Approuver" });
  if (await approve.count()) {
    await approve.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Approuver" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Nul n'approuve");
    await dialog.getByRole("button", { name: "Annuler" }).click();
  }
  await page.getByRole("radio", { name: "English" }).first().click();
  await page.getByRole("link", { name: "Exhibits" }).click();
  await expect(page.getByText(rule.en)).toBeVisible();
});

test("a magistrate reads exhibits' breaks and authorities in French", async ({ page }) => {
  await openAs(page, "magistrate", "/custody", { lang: "fr", scheme: "light" });
  await page.getByRole("table").getByRole("row").nth(1).click();
  await expect(page.getByRole("dialog").getByRole("alert").first()).toHaveText("la remise reçue n'est pas enregistrée");
  await page.goto("/authorities");
  await expect(page.getByRole("row", { name: /2026-JI-118/ })).toContainText("Relevés des opérateurs, Fouille");
  await expect(page.getByRole("row", { name: /2025-JI-902/ })).toContainText("Géolocalisation en temps réel");
});

test("a facility's days are those of its own zone, and jamming that isn't over goes on", async ({ page }) => {
  await page.route("**/api/v1/facilities/F004", async (route) => {
    const response = await route.fetch();
    const found = (await response.json()) as { wings: { floors: { cells: object[] }[] }[] };
    const cell = found.wings[0]?.floors[0]?.cells[0];
    if (cell) Object.assign(cell, { searched: "2026-06-11T20:00:00Z" });
    const timeline = [{ kind: "search", from: "2026-06-11T20:00:00Z", to: null, label: { fr: "Fouille", en: "Search" } }, { kind: "jamming", from: "2026-06-01T20:00:00Z", to: null, label: { fr: "Brouillage", en: "Jamming" } }];
    await route.fulfill({ response, json: { ...found, timezone: "Pacific/Noumea", timeline } });
  });
  await openAs(page, "investigator", "/facilities/F004");
  const lived = page.getByRole("region", { name: "Over time" });
  await expect(lived.getByRole("listitem").filter({ hasText: "Search" })).toContainText("12 Jun 2026");
  await expect(lived.getByRole("listitem").filter({ hasText: "Jamming" })).toContainText("since 2 Jun 2026, still on");
  await expect(lived.locator("rect.span")).toHaveCount(1);
  await page.getByRole("button", { name: /^Cell A101,/ }).click();
  await expect(page.getByRole("region", { name: "Cell A101" })).toContainText("12 Jun 2026");
});

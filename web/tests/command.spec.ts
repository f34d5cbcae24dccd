import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { accessible, openAs } from "./office";

interface Wall {
  distress: { event: string; seen: boolean }[];
  open: unknown[];
  open_count: number;
}

/** What command said, each word taken by the server. */
function said(page: Page): Record<string, unknown>[] {
  const words: Record<string, unknown>[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith("/field/command") || response.status() !== 201) return;
    words.push((response.request().postDataJSON() as { what: Record<string, unknown> }).what);
  });
  return words;
}

/** The made-up wall, as it is once something on it was changed. */
async function wallWith(page: Page, change: (wall: Wall) => Wall): Promise<void> {
  await page.route("**/api/v1/field/wall", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change((await response.json()) as Wall) });
  });
}

test("a call for help stays until somebody at the command post has seen it", async ({ page }) => {
  const words = said(page);
  await wallWith(page, (wall) => ({ ...wall, distress: wall.distress.map((call) => ({ ...call, seen: words.some(({ about }) => about === call.event) })) }));
  await openAs(page, "commander", "/wall");
  const call = page.getByRole("alert").filter({ hasText: "Call for help" });
  await expect(call).toContainText("B104");
  await accessible(page);
  await call.getByRole("button", { name: /^Seen: call for help, .*B104/ }).click();
  await expect(call).toHaveCount(0);
  expect(words).toEqual([{ kind: "seen", about: expect.stringMatching(/^d\w+:14$/) as unknown }]);
});

test("whoever doesn't command sees the call and can't answer it", async ({ page }) => {
  await openAs(page, "prison_security", "/wall");
  await expect(page.getByRole("alert").filter({ hasText: "Call for help" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Seen/ })).toHaveCount(0);
});

test("command speaks to all, a site or a team, and stops a search with a reason", async ({ page }) => {
  const words = said(page);
  await openAs(page, "commander", "/wall");
  const command = page.getByRole("region", { name: "Command", exact: true });
  await command.getByLabel("Announce").fill("Go.");
  await command.getByRole("button", { name: "Send" }).click();
  await expect(command.getByLabel("Announce")).toHaveValue("");
  await command.getByLabel("Announce").fill("Wait at the gate.");
  await command.getByLabel("To whom").selectOption({ index: 1 });
  await command.getByRole("button", { name: "Send" }).click();
  await expect(command.getByLabel("Announce")).toHaveValue("");
  await command.getByRole("button", { name: "Stop" }).click();
  const dialog = page.getByRole("dialog", { name: "Stop the search?" });
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog.getByText("To be filled in.")).toBeVisible();
  await dialog.getByLabel("Why").fill("A fire in the yard.");
  await dialog.getByLabel("To whom").selectOption({ label: "Team E2" });
  await accessible(page);
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog).toHaveCount(0);
  expect(words).toEqual([
    { kind: "announced", to: "all", text: "Go." },
    { kind: "announced", to: { site: "F001" }, text: "Wait at the gate." },
    { kind: "aborted", scope: { team: "E2" }, why: "A fire in the yard." },
  ]);
});

test("a lost phone is revoked, a dead one given up, its file taken over, and another stands in", async ({ page }) => {
  const words = said(page);
  await openAs(page, "commander", "/wall");
  await page.getByRole("button", { name: "Phones", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Phones" });
  await expect(dialog.getByRole("row")).toHaveCount(1 + 4);
  await expect(dialog.getByRole("row", { name: /^Team E3/ })).toContainText("3 entries to send");
  await dialog.getByRole("row", { name: /^Team E1/ }).getByRole("button", { name: "Revoke" }).click();
  await accessible(page);
  const form = dialog.getByRole("form");
  await form.getByRole("button", { name: "Revoke" }).click();
  await expect(form.getByText("To be filled in.")).toBeVisible();
  await form.getByLabel("Why").fill("left on the bus");
  await form.getByRole("button", { name: "Revoke" }).click();
  await expect(form).toHaveCount(0);
  await dialog.getByRole("row", { name: /^Team E3/ }).getByRole("button", { name: "Declare lost" }).click();
  await form.getByRole("button", { name: "Declare lost" }).click();
  await expect(form).toHaveCount(0);
  expect(words).toEqual([{ kind: "revoked", device: expect.stringMatching(/^d1111/) as unknown, why: "left on the bus" }, { kind: "lost", device: expect.stringMatching(/^d3333/) as unknown }]);
  const file = dialog.getByLabel("A dead phone");
  await file.setInputFiles({ name: "d1.cellsweep-rescue", mimeType: "", buffer: Buffer.from("short") });
  await expect(dialog.getByText("isn't whole")).toBeVisible();
  await file.setInputFiles({ name: "d1.cellsweep-rescue", mimeType: "", buffer: Buffer.from("long enough for all") });
  await expect(dialog.getByText("All entries of this phone are here.")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: "Invite a phone" }).click();
  const inviting = page.getByRole("dialog", { name: "Invite a phone" });
  await inviting.getByLabel("Officer's service number").fill("M-0101");
  await inviting.getByLabel("Stands in for").selectOption({ index: 1 });
  await inviting.getByRole("button", { name: "Invite a phone" }).click();
  await expect(page.getByText(/#AAAA-instead/)).toBeVisible();
});

for (const lang of ["en", "fr"] as const) {
  test(`who closes the day sees what is still open, in ${lang}`, async ({ page }) => {
    const words: unknown[] = [];
    await page.route("**/api/v1/field/command", (route) => {
      words.push((route.request().postDataJSON() as { what: unknown }).what);
      return route.fulfill({ status: 201, json: { event: "e-2" } });
    });
    let open = true;
    await wallWith(page, (wall) => (open ? wall : { ...wall, open: [], open_count: 0 }));
    const fr = lang === "fr";
    await openAs(page, "commander", "/wall", { lang, scheme: "light" });
    await page.getByRole("button", { name: fr ? "Fermer la journée" : "Close the day" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("listitem")).toHaveText(fr ? [/^Appel à l'aide/, /3 entrées manquent \(Équipe E3\)$/] : [/^Call for help/, /3 entries are missing \(Team E3\)$/]);
    await expect(dialog).not.toContainText(fr ? "Les équipes ont fini" : "teams have finished");
    await accessible(page);
    await dialog.getByRole("button", { name: fr ? "Annuler" : "Cancel" }).click();
    open = false;
    await page.reload();
    await page.getByRole("button", { name: fr ? "Fermer la journée" : "Close the day" }).click();
    await expect(dialog.getByText(fr ? "Rien n'est plus ouvert." : "Nothing is open any more.")).toBeVisible();
    await dialog.getByRole("button", { name: fr ? "Fermer la journée" : "Close the day" }).click();
    await expect(dialog).toHaveCount(0);
    expect(words).toEqual([{ kind: "closed" }]);
  });
}

test("the wall says what was found, and which cell has no team, in words", async ({ page }) => {
  await openAs(page, "commander", "/wall", { lang: "fr", scheme: "light" });
  await expect(page.getByRole("group", { name: "Trouvailles" }).getByRole("listitem").nth(1)).toContainText("Carte SIM");
  await expect(page.getByText("not_applicable")).toHaveCount(0);
  await page.getByRole("button", { name: /0\/|\d+\/\d+/ }).last().click();
  await expect(page.getByText("équipe null")).toHaveCount(0);
});

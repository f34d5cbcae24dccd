import { expect, test } from "@playwright/test";
import { Seat, accessible } from "./office";

interface Row {
  handset: string;
  facility: string;
  facility_name: string;
  probability: number;
  cell: string | null;
}

interface Found {
  findings: { title: { en: string } }[];
  holders: { inmate: string | null }[];
}

test.describe.configure({ mode: "serial" });

test("an investigator goes from the case to a handset, sees what says so, and decides", async ({ browser }) => {
  const seat = await Seat.take(browser, "investigator");
  const { page } = seat;
  await seat.settled();
  const { facilities } = await seat.read<{ facilities: { name: string }[] }>("/case");
  await expect(page.getByRole("table", { name: "Facilities" }).getByRole("row")).toHaveCount(facilities.length + 1);

  await page.getByRole("link", { name: "Handsets" }).click();
  const table = page.getByRole("table", { name: "Handsets" });
  const { rows } = await seat.read<{ rows: Row[] }>("/handsets");
  await expect(table).toHaveAttribute("aria-rowcount", String(rows.length + 1));
  const likely = rows.filter((row) => row.cell).sort((a, b) => b.probability - a.probability)[0];
  if (!likely) throw new Error("no handset of the made-up country has a cell");
  await page.getByLabel("IMEI, handset or cell").fill(likely.handset);
  await table.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1 })).toContainText(likely.handset);
  await seat.settled();
  const found = await seat.read<Found>(`/handsets/${likely.handset}?facility=${likely.facility}`);
  const weighed = page.getByRole("region", { name: "What says so, and with what weight" });
  // The outset, each finding, the conclusion.
  await expect(weighed.getByRole("listitem")).toHaveCount(found.findings.length + 2);
  for (const { title } of found.findings) await expect(weighed.getByText(title.en, { exact: true }).first()).toBeVisible();
  const holders = page.getByRole("region", { name: "Candidates for holder" });
  await expect(holders.getByText("Nobody on the roster", { exact: true })).toBeVisible();
  expect(found.holders.some((holder) => holder.inmate === null)).toBe(true);

  const decision = page.getByRole("region", { name: "Decision" });
  await decision.getByRole("radio", { name: "Confirm" }).check();
  await decision.getByRole("button", { name: "Confirm" }).click();
  await expect(decision.getByText("To be filled in.")).toBeVisible();
  await decision.getByLabel("Why").fill("Sectors, hours and the order book agree.");
  await decision.getByRole("button", { name: "Confirm" }).click();
  await expect(decision.getByText("Decision noted.")).toBeVisible();
  await expect(decision.getByRole("listitem").filter({ hasText: "Sectors, hours and the order book agree." })).toBeVisible();
  await accessible(page);

  await page.getByRole("main").getByRole("link", { name: likely.facility_name }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: likely.facility_name })).toBeVisible();
  await seat.settled();
  await page.getByRole("button", { name: new RegExp(`^Cell ${likely.cell ?? ""},`) }).click();
  await expect(page.getByRole("link", { name: new RegExp(likely.handset) })).toBeVisible();
  await seat.leave();
});

test("an investigator tries a plan and keeps it, and may not approve it", async ({ browser }) => {
  const seat = await Seat.take(browser, "investigator");
  const { page } = seat;
  await seat.open("/plan");
  const before = await seat.read<{ id: string; cells: number }>("/plan");
  await page.getByLabel("Cells in all").fill("20");
  await page.getByRole("button", { name: "Try" }).click();
  await expect(page.getByRole("region", { name: "The two plans" })).toBeVisible();
  expect((await seat.read<{ id: string }>("/plan")).id).toBe(before.id);
  await accessible(page);
  await page.getByRole("button", { name: "Keep this plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep this plan" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const after = await seat.read<{ id: string; cells: number; by: string }>("/plan");
  expect(after.id).not.toBe(before.id);
  expect(after.cells).toBeLessThanOrEqual(20);
  expect(after.by).toContain("investigator");
  await expect(page.getByText(after.id)).toBeVisible();
  await expect(page.getByText("Not approved yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await seat.leave();
});

test("a commander can't open the day of a plan that nobody approved", async ({ browser }) => {
  const seat = await Seat.take(browser, "commander");
  await seat.open("/wall");
  await expect(seat.page.getByText("No operation is open.")).toBeVisible();
  await expect(seat.page.getByRole("button", { name: "Open the day" })).toHaveCount(0);
  await seat.leave();
});

test("a magistrate approves the plan, a commander opens its day, and an officer's phone joins it", async ({ browser }) => {
  const commander = await Seat.take(browser, "commander");
  await commander.open("/wall");
  const magistrate = await Seat.take(browser, "magistrate");
  await magistrate.open("/plan");
  await magistrate.page.getByRole("button", { name: "Approve" }).click();
  const dialog = magistrate.page.getByRole("dialog", { name: "Approve this plan" });
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(dialog.getByText("To be filled in.")).toBeVisible();
  await dialog.getByLabel("I have read the plan and its limits").check();
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(magistrate.page.getByText(/^Approved by .*magistrate/)).toBeVisible();
  await magistrate.open("/audit");
  await expect(magistrate.page.getByRole("row", { name: /Plan approved/ }).first()).toBeVisible();
  await magistrate.page.getByRole("radio", { name: "Who looked" }).check();
  await expect(magistrate.page.getByRole("row", { name: /Looked at a handset/ }).first()).toBeVisible();
  await magistrate.leave();

  // The page hears of the approval by itself.
  const { page } = commander;
  await page.getByRole("button", { name: "Open the day" }).click();
  await expect(page.getByRole("region", { name: "Command" })).toBeVisible();
  const wall = await commander.read<{ sites: { cells: number }[] }>("/field/wall");
  const { cells } = await commander.read<{ cells: number }>("/plan");
  expect(wall.sites.reduce((sum, site) => sum + site.cells, 0)).toBe(cells);
  await page.getByLabel("Announce", { exact: true }).fill("First wave, go.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("region", { name: "Announcements" }).getByText("First wave, go.")).toBeVisible();
  await accessible(page);

  await page.getByRole("button", { name: "Invite a phone" }).click();
  const inviting = page.getByRole("dialog", { name: "Invite a phone" });
  await inviting.getByLabel("Post").selectOption({ index: 1 });
  await inviting.getByLabel("Officer's service number").fill("M-0101");
  await inviting.getByRole("button", { name: "Invite a phone" }).click();
  const invited = page.getByRole("dialog", { name: "Invitation" });
  await expect(invited.getByRole("img", { name: "Invitation" })).toBeVisible();
  const link = (await invited.getByText(/\/phone\/#/).textContent()) ?? "";
  await accessible(page);
  await invited.getByRole("button", { name: "Done" }).click();

  const officer = await Seat.take(browser);
  await officer.page.goto(link);
  await officer.page.getByRole("button", { name: "Enrol" }).click();
  await expect(officer.page.locator("[data-next]")).toBeVisible();
  await officer.leave();

  await page.getByRole("button", { name: "Phones", exact: true }).click();
  const phones = page.getByRole("dialog", { name: "Phones" });
  await expect(phones.getByRole("row")).toHaveCount(1 + 1);
  await expect(phones.getByRole("button", { name: "Revoke" })).toHaveCount(1);
  await phones.getByRole("button", { name: "Revoke" }).click();
  await phones.getByRole("form").getByLabel("Why").fill("left behind");
  await phones.getByRole("form").getByRole("button", { name: "Revoke" }).click();
  await expect(phones.getByRole("row").nth(1)).toContainText("revoked");
  await accessible(page);
  await phones.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close the day" }).click();
  await expect(page.getByRole("dialog", { name: "Close the day?" }).getByRole("listitem").first()).toBeVisible();
  await page.getByRole("dialog", { name: "Close the day?" }).getByRole("button", { name: "Cancel" }).click();
  await commander.leave();
});

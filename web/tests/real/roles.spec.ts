import { expect, test } from "@playwright/test";
import { Seat } from "./office";

/** What each role finds in its navigation; everything else it is refused, by the page and by the server. */
const places: Record<string, string[]> = {
  investigator: ["Case", "Handsets", "Plan", "The day", "Imports", "What works", "Exhibits", "Register", "Authorities"],
  magistrate: ["Case", "Handsets", "Plan", "The day", "Imports", "What works", "Exhibits", "Register", "Authorities", "Audit"],
  commander: ["Case", "Plan", "The day", "What works", "Exhibits", "Register", "Authorities"],
  custodian: ["Exhibits", "Register"],
  analyst: ["Case", "Handsets", "Imports", "What works"],
  "data-protection-officer": ["Authorities", "Audit", "People"],
  auditor: ["Authorities", "Audit", "People"],
  administrator: ["People", "Settings"],
};

/** A page's name, its address, and what it reads. */
const pages: readonly [string, string, string][] = [
  ["Case", "/", "/case"],
  ["Handsets", "/handsets", "/handsets"],
  ["Plan", "/plan", "/plan"],
  ["Imports", "/imports", "/imports"],
  ["What works", "/studies", "/studies/searches"],
  ["Exhibits", "/custody", "/custody"],
  ["Register", "/register", "/register"],
  ["Authorities", "/authorities", "/authorities"],
  ["Audit", "/audit", "/audit"],
  ["People", "/people", "/people"],
  ["Settings", "/settings", "/settings"],
];

for (const [login, open] of Object.entries(places)) {
  test(`${login}: sees what the role may, and is refused the rest`, async ({ browser }) => {
    const seat = await Seat.take(browser, login);
    const { page } = seat;
    const links = page.getByRole("navigation").getByRole("link");
    await expect(links).toHaveText(open);
    for (const [name, , reads] of pages) expect(await seat.status(reads), `${login} reads ${reads}`).toBe(open.includes(name) ? 200 : 403);
    for (const name of open) {
      await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
      await expect(page.getByRole("navigation").getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
      await seat.settled();
    }
    const closed = pages.find(([name, address]) => !open.includes(name) && address !== "/");
    if (closed) {
      await page.goto(closed[1]);
      await expect(page.getByText("Your role doesn't open this page.")).toBeVisible();
    }
    await seat.leave();
  });
}

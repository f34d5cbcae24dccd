import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";

export interface Look {
  lang: "fr" | "en";
  scheme: "light" | "dark" | "contrast";
}

/** Signs somebody in; pages are in a language and a colour scheme from then on. */
export async function signInAs(page: Page, who: string, look: Look = { lang: "en", scheme: "light" }): Promise<void> {
  await page.addInitScript(({ lang, scheme }: Look) => {
    localStorage.setItem("cellsweep.lang", lang);
    localStorage.setItem("cellsweep.scheme", scheme);
  }, look);
  const answer = await page.request.post("/api/v1/session", { data: { name: who, password: "made-up" } });
  expect(answer.ok()).toBe(true);
}

/** Opens a page as somebody, in a language and a colour scheme. */
export async function openAs(page: Page, who: string, path: string, look?: Look): Promise<void> {
  await signInAs(page, who, look);
  await page.goto(path);
}

/** The page of a handset that is most likely inside, from the made-up case. */
export async function someHandset(page: Page): Promise<string> {
  const { rows } = (await (await page.request.get("/api/v1/handsets")).json()) as { rows: { handset: string; facility: string; probability: number }[] };
  const row = rows.find((each) => each.probability > 0.98);
  if (!row) throw new Error("the made-up case has no sure handset");
  return `/handsets/${row.handset}?facility=${row.facility}`;
}

/** No violation of axe's rules, best practices included, on what is shown now. */
export async function accessible(page: Page): Promise<void> {
  // Colours that are on their way from one scheme to the next are neither's.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished)));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect.soft(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html.slice(0, 160)) }))).toEqual([]);
}

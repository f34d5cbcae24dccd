/** The office that the program opened, and somebody at one of its pages. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, type Page, expect } from "@playwright/test";
import { accessible } from "../office";

export { accessible };

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

export const office = (): string => process.env.CELLSWEEP_OFFICE ?? "";

/** Somebody at a browser of their own. What goes wrong beside the pages is kept, to be looked at in the end. */
export class Seat {
  readonly wrong: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error" && !awaited(message.text(), message.location().url)) this.wrong.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.wrong.push(error.message));
    context.on("request", (request) => {
      if (new URL(request.url()).origin !== office() && !/^(data|blob):/.test(request.url())) this.wrong.push(`asked elsewhere: ${request.url()}`);
    });
  }

  /** Sits down, and signs in with the form where a login is given. */
  static async take(browser: Browser, login?: string, look: { lang?: "fr" | "en"; scheme?: "light" | "dark" } = {}): Promise<Seat> {
    const context = await browser.newContext({ baseURL: office() });
    await context.addInitScript(({ lang = "en", scheme = "light" }: typeof look) => {
      localStorage.setItem("cellsweep.lang", lang);
      localStorage.setItem("cellsweep.scheme", scheme);
    }, look);
    if (process.env.CELLSWEEP_DIST) await pagesFromDist(context);
    const seat = new Seat(context, await context.newPage());
    await seat.page.goto("/");
    if (login) await seat.signIn(login);
    return seat;
  }

  /** The password of somebody that the demonstration made. */
  static passwordOf(login: string): string {
    const line = (process.env.CELLSWEEP_LOGINS ?? "").split("\n").map((each) => each.trim().split(/\s+/)).find(([, name]) => name === login);
    if (!line?.[2]) throw new Error(`the demonstration has no ${login}`);
    return line[2];
  }

  async signIn(login: string): Promise<void> {
    const { page } = this;
    await page.getByLabel(/^(Name|Identifiant)$/).fill(login);
    await page.getByLabel(/^(Password|Mot de passe)$/).fill(Seat.passwordOf(login));
    await page.getByRole("button", { name: /^(Sign in|Se connecter)$/ }).click();
    await expect(page.getByRole("navigation")).toBeVisible();
  }

  /** Opens a page and waits until it shows what it has. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  async settled(): Promise<void> {
    await expect(this.page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await expect(this.page.getByRole("status", { name: /Chargement|Loading/ })).toHaveCount(0);
  }

  /** What the server answers, asked with this session. */
  async status(path: string): Promise<number> {
    return (await this.page.request.get(`${office()}/api/v1${path}`)).status();
  }

  async read<T>(path: string): Promise<T> {
    return (await (await this.page.request.get(`${office()}/api/v1${path}`)).json()) as T;
  }

  /** Gets up; nothing may have gone wrong meanwhile. */
  async leave(): Promise<void> {
    await this.context.close();
    expect(this.wrong).toEqual([]);
  }
}

/** What a browser writes down although all is well: nobody is signed in yet, or a code is needed too. */
const awaited = (text: string, url: string): boolean => text.includes("401") && /\/api\/v1\/(me|session)$/.test(url);

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json", ".wasm": "application/wasm" };

/** With `CELLSWEEP_DIST=1` pages come from `dist/`, in the place of those that the program was built with; the rest stays its own. */
async function pagesFromDist(context: BrowserContext): Promise<void> {
  const { headers } = await fetch(`${office()}/`);
  const policy = headers.get("content-security-policy") ?? "";
  await context.route(
    (url) => url.origin === office() && !url.pathname.startsWith("/api/"),
    async (route) => {
      const path = new URL(route.request().url()).pathname;
      const shell = path.startsWith("/phone") ? "/phone/index.html" : "/index.html";
      const name = extname(path) ? path : shell;
      await route.fulfill({ body: readFileSync(join(DIST, name)), contentType: types[extname(name)] ?? "application/octet-stream", headers: { "content-security-policy": policy } });
    },
  );
}

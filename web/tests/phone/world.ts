/** A real server, real browsers, and what an officer does with them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, expect, type Page } from "@playwright/test";
import { labelVideo } from "./video";

/** How long anything may take before it counts as never: machines that test are busy, in milliseconds. */
const PATIENCE_MS = 90_000;
const WEB = fileURLToPath(new URL("../../dist", import.meta.url));
/** The example of the crate `cellsweep-field`. */
const PROGRAM =
  process.env.CELLSWEEP_FIELD_SERVER ?? fileURLToPath(new URL("../../../target/release/examples/field-server", import.meta.url));

/** A day's server that can be stopped and started again on the same folder and port. */
export class Server {
  private child: ChildProcess | undefined;
  origin = "";

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly seed: number,
  ) {}

  static async start(seed = 1): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), "cellsweep-field-")), await freePort(), seed);
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    const options = ["--folder", this.folder, "--port", String(this.port), "--web", WEB, "--seed", String(this.seed)];
    const child = spawn(PROGRAM, options, { stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    const line = await new Promise<string>((done, failed) => {
      createInterface({ input: child.stdout }).once("line", done);
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
    });
    this.origin = (JSON.parse(line) as { origin: string }).origin;
  }

  /** As a power cut would: nothing is told to it. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
    this.child = undefined;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the command post says. */
  async command(what: object): Promise<void> {
    const answer = await fetch(`${this.origin}/api/v1/field/command`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ what }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }

  /** An invitation for another phone of a team that searches, or of the desk at its site. */
  async invite(officer: string, place: "team" | "desk" = "team"): Promise<string> {
    const site = (await this.wall()).sites.find((one) => one.teams.length > 0);
    const post = place === "team" ? { team: site?.teams[0]?.team } : { desk: site?.facility };
    const answer = await fetch(`${this.origin}/api/v1/field/invitations`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ post, officer }),
    });
    expect(answer.ok).toBe(true);
    return ((await answer.json()) as { url: string }).url;
  }

  /** The entries in the day's log, in their order, with what checking their signatures came to. */
  entries(): Logged[] {
    const text = readFileSync(join(this.folder, "day.jsonl"), "utf8");
    const lines = text.trim().split("\n").map((line) => (JSON.parse(line) as { line: Line }).line);
    return lines.flatMap(({ record }) =>
      record === undefined ? [] : [{ ...(JSON.parse(record.envelope.text) as Logged), checked: record.checked }],
    );
  }

  /** What the command post sees. */
  async wall(): Promise<Wall> {
    return (await (await fetch(`${this.origin}/api/v1/field/wall`)).json()) as Wall;
  }
}

/** A line of the day's log; only entries have a record. */
interface Line {
  record?: { checked: string; envelope: { text: string } };
}

/** An entry in the day's log. */
export interface Logged {
  id: string;
  device: string;
  sequence: number;
  checked: string;
  what: { kind: string } & Record<string, unknown>;
}

/** The part of the wall that is looked at. */
export interface Wall {
  finds: { cell: string; kind: string; item: string; facility: string }[];
  distress: { cell?: string; facility?: string }[];
  sites: { facility: string; teams: { team: string }[]; cells_list: { cell: string; state: string; found: number; team: string }[] }[];
  quarantined: number;
  unsent: number;
  lines: number;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A phone: a browser of its own with a camera that sees what is put before it. */
export class Phone {
  page: Page;

  private constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    page: Page,
    readonly video: string,
  ) {
    this.page = page;
  }

  static async take(lang: "fr" | "en" = "en", label = "490154203237518"): Promise<Phone> {
    const video = join(mkdtempSync(join(tmpdir(), "cellsweep-camera-")), "camera.y4m");
    await labelVideo(video, label);
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-video-capture=${video}`,
      ],
    });
    const locale = lang === "fr" ? "fr-FR" : "en-GB";
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale, hasTouch: true, isMobile: true });
    await context.grantPermissions(["camera"]);
    context.setDefaultTimeout(PATIENCE_MS);
    return new Phone(browser, context, await context.newPage(), video);
  }

  /** Opens the invitation and enrols. */
  async enrol(invitation: string): Promise<void> {
    await this.page.goto(invitation);
    await this.press(/^(Enrol|Inscrire)$/);
    await expect(this.page.locator("[data-unsent]")).toBeVisible();
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Waits until the service worker has all that the app needs, the reader of codes with it. */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const wanted = async () => {
        const names = await caches.keys();
        const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().some((request) => request.url.endsWith(".wasm"));
      };
      while (!(await wanted())) await new Promise((done) => setTimeout(done, 50));
    });
  }

  /** The device's name. */
  async device(): Promise<string> {
    return this.page.evaluate(async () => {
      const open = indexedDB.open("cellsweep-phone");
      await new Promise((done) => (open.onsuccess = done));
      const get = open.result.transaction("keys").objectStore("keys").get("signing");
      await new Promise((done) => (get.onsuccess = done));
      open.result.close();
      return (get.result as { device: string }).device;
    });
  }

  /** The page dies as when the system kills it, and is opened anew. */
  async die(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const crashed = this.page.waitForEvent("crash");
    session.send("Page.crash").catch(() => undefined);
    await crashed;
    await this.page.close();
    this.page = await this.context.newPage();
  }

  /** Everything that was entered is acknowledged. */
  async allSent(): Promise<void> {
    await expect(this.page.locator("[data-unsent]")).toHaveAttribute("data-unsent", "0", { timeout: 60_000 });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Starts the program once for all tests, on a made-up country in a folder of its own; stops it and takes the folder away. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Small enough to be made up while one waits. */
const COUNTRY = ["--facilities", "3", "--days", "14", "--records", "300000", "--full-pages", "0"];

export default async function start(): Promise<() => Promise<void>> {
  const program = process.env.CELLSWEEP_PROGRAM;
  if (!program || !existsSync(program)) {
    throw new Error(
      `${program ? `CELLSWEEP_PROGRAM names ${program}, which isn't there` : "CELLSWEEP_PROGRAM isn't set"}: these tests need the built program. ` +
        "Build the pages and the program (npm run build, cargo build --release), then CELLSWEEP_PROGRAM=../target/release/cellsweep npm run test:real.",
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "cellsweep-office-"));
  const port = await freePort();
  const child = spawn(program, ["demo", join(folder, "demo"), ...COUNTRY, "--serve", "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    process.env.CELLSWEEP_OFFICE = await address(child);
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.CELLSWEEP_LOGINS = readFileSync(join(folder, "demo", "office", "logins.txt"), "utf8");
  return stop;
}

/** The address that the program prints once the office is open. */
function address(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  return new Promise((found, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const open = /http:\/\/\S+/.exec(line)?.[0];
        if (open) found(open);
      });
    }
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`the program ended with ${code} before its office was open:\n${said.join("\n")}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const at = probe.address();
      const port = typeof at === "object" && at ? at.port : 0;
      probe.close(() => found(port));
    });
  });
}

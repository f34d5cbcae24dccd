import { defineConfig } from "@playwright/test";

const port = Number(process.env.CELLSWEEP_FIXTURE_PORT ?? 8461);

/** Pages in a real Chromium, as built, behind the server's own content policy, with made-up data. */
export default defineConfig({
  testDir: "tests",
  testIgnore: ["phone/**", "real/**"],
  workers: 2,
  fullyParallel: true,
  // Ceilings, for machines that do other things too: nothing here is measured in time.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
    },
  },
  webServer: {
    command: `node dev/server.mjs --port ${port}`,
    port,
    reuseExistingServer: true,
  },
});

import { defineConfig } from "@playwright/test";

/** The office's pages in a real Chromium against the real program and its made-up country. One after another: it is one case. */
export default defineConfig({
  testDir: "tests/real",
  globalSetup: "./tests/real/program.ts",
  workers: 1,
  // Ceilings, for machines that do other things too: nothing here is measured in time.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
    },
  },
});

import { defineConfig } from "@playwright/test";

/** The officer's phone in Debian's Chromium against the real server of the search day. */
export default defineConfig({
  testDir: "tests/phone",
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
});

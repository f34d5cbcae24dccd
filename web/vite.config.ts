/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { phoneShell } from "./scripts/phone-shell.ts";

const entry = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The fixture server or a real `cellsweep serve`, while the pages are written. */
const api = process.env.CELLSWEEP_API ?? "http://127.0.0.1:8460";

export default defineConfig({
  plugins: [react(), phoneShell()],
  server: { proxy: { "/api": { target: api, changeOrigin: true } } },
  build: {
    target: "es2022",
    // The server's policy is `default-src 'self'`: nothing may come in as a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { office: entry("index.html"), phone: entry("phone/index.html"), sw: entry("src/phone/sw.ts") },
      // A service worker's address never changes: the browser asks there whether there is a new one.
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "phone/sw.js" : "assets/[name]-[hash].js") },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});

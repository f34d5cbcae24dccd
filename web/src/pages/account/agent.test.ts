import { expect, test } from "vitest";
import { agentName } from "./agent";

test("browsers as people call them", () => {
  expect(agentName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox 140, Linux");
  expect(agentName("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0")).toBe("Edge 140, Windows");
  expect(agentName("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36")).toBe("Chrome 141, Android");
  expect(agentName("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15")).toBe("Safari 18, macOS");
});

test("what is no browser stands as it is", () => {
  expect(agentName("curl/8.5.0")).toBe("curl/8.5.0");
});

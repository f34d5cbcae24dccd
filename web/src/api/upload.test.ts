// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { upload } from "./upload";

const PART = 8 * 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const json = (status: number, body: object) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } }));

/** A server that keeps pieces as ours does; of one piece the answer gets lost on its way. */
function serverThatLoses(lost: number) {
  const kept: number[] = [];
  let offset = 0;
  let losing = true;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    if (path.endsWith("/uploads")) return json(201, { id: "u1", offset: 0 });
    if (path.endsWith("/import")) return json(202, { job: 7 });
    const at = Number((init.headers as Record<string, string>)["Upload-Offset"]);
    if (at !== offset) return json(409, { type: "/problems/stale", title: "", status: 409, detail: "", offset });
    kept.push(at);
    offset += (init.body as Blob).size;
    if (kept.length === lost && losing) {
      losing = false;
      return Promise.reject(new TypeError("the line broke"));
    }
    return json(200, { id: "u1", offset });
  });
  return kept;
}

for (const lost of [1, 2, 3]) {
  test(`an answer that is lost after its piece was kept costs nothing but the wait (piece ${lost} of 3)`, async () => {
    const kept = serverThatLoses(lost);
    const shares: number[] = [];
    const sent = upload(new File([new Uint8Array(2 * PART + 10)], "records.csv"), { onShare: (share) => shares.push(share) });
    await vi.runAllTimersAsync();
    expect(await sent).toBe(7);
    expect(kept).toEqual([0, PART, 2 * PART]);
    expect(shares.at(-1)).toBe(1);
  });
}

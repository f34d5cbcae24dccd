import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { accessible, openAs } from "./office";
import type { Look } from "./office";
import { allLand } from "./pmtiles";

/** The case's map; it is drawn when it comes into view, whatever stands above it. */
async function openMap(page: Page, look: Look): Promise<void> {
  await openAs(page, "investigator", "/", look);
  await page.getByRole("region", { name: "Expected phones by facility" }).scrollIntoViewIfNeeded();
}

/** The office has a file of tiles; what is asked of it. */
async function withTiles(page: Page): Promise<{ tileAt: number; asked: number[] }> {
  const land = allLand('<a href="https://elsewhere.example">© Made-up streets</a>');
  const asked: number[] = [];
  await page.route("**/api/v1/me", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), tiles: true } });
  });
  await page.route("**/api/v1/map/tiles", async (route) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers().range ?? "") ?? [];
    if (first === undefined || last === undefined) return route.fulfill({ status: 416 });
    asked.push(Number(first));
    const body = land.bytes.subarray(Number(first), Number(last) + 1);
    return route.fulfill({ status: 206, contentType: "application/octet-stream", headers: { etag: '"land"', "content-range": `bytes ${first}-${Number(first) + body.length - 1}/${land.bytes.length}` }, body });
  });
  return { tileAt: land.tileAt, asked };
}

type Spot = readonly [x: number, y: number];

/** Whether the map is as the sea's token says, or as the land's, at shares of its width and height. */
async function colours(page: Page, spots: readonly Spot[]): Promise<("sea" | "land" | "other")[]> {
  // The map that stands in goes when the one that was fetched is there, or failed: then it is looked at again.
  const shot = await page.locator(".map-canvas").screenshot().catch(() => null);
  if (!shot) return spots.map(() => "other");
  const png = shot.toString("base64");
  return page.evaluate(
    async ({ png, spots }) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
      const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
      if (!pen) throw new Error("nothing can be drawn");
      const at = (left: number, top: number) => [...pen.getImageData(left, top, 1, 1).data.slice(0, 3)].join(" ");
      const token = (name: string) => {
        pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        pen.fillRect(0, 0, 1, 1);
        return at(0, 0);
      };
      const [sea, land] = [token("--sea"), token("--land")];
      pen.drawImage(bitmap, 0, 0);
      return spots.map(([x, y]) => {
        const drawn = at(Math.round(x * bitmap.width), Math.round(y * bitmap.height));
        return drawn === sea ? "sea" : drawn === land ? "land" : "other";
      });
    },
    { png, spots },
  );
}

/** Left of Brittany, on the map of the country. */
const ATLANTIC: Spot = [0.02, 0.3];
/** Over the country itself: between the discs there is land. */
const INLAND = Array.from({ length: 49 }, (_, index): Spot => [0.35 + 0.05 * (index % 7), 0.2 + 0.1 * Math.floor(index / 7)]);

/** Sea where there is sea, and land of the country: a map that draws nothing is all sea. */
async function outlined(page: Page): Promise<void> {
  await expect.poll(() => colours(page, [ATLANTIC])).toEqual(["sea"]);
  await expect.poll(async () => (await colours(page, INLAND)).filter((each) => each === "land").length).toBeGreaterThan(10);
}

for (const scheme of ["light", "dark"] as const) {
  const look: Look = { lang: "en", scheme };

  test(`the country stands out from the sea by the outlines that are built in, ${scheme}`, async ({ page }) => {
    await openMap(page, look);
    await outlined(page);
  });

  test(`the office's own tiles are drawn over the outlines, ${scheme}`, async ({ page, baseURL }) => {
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(baseURL ?? "") && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
    });
    const { tileAt, asked } = await withTiles(page);
    await openMap(page, look);
    await expect(page.locator(".maplibregl-canvas")).toBeVisible();
    await expect.poll(() => colours(page, [ATLANTIC])).toEqual(["land"]);
    expect(asked).toContain(tileAt);
    await expect(page.getByText("© Made-up streets", { exact: true })).toBeVisible();
    expect(elsewhere).toEqual([]);
    await accessible(page);
  });
}

test("a file of tiles that doesn't answer leaves the outlines", async ({ page }) => {
  await withTiles(page);
  await page.unroute("**/api/v1/map/tiles");
  await page.route("**/api/v1/map/tiles", (route) => route.fulfill({ status: 500 }));
  await openMap(page, { lang: "en", scheme: "light" });
  await expect(page.locator(".maplibregl-canvas")).toBeVisible();
  await outlined(page);
});

test("a machine that draws nothing in three dimensions has the outlines", async ({ page }) => {
  await withTiles(page);
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  // The outlines stand in while the map is fetched: what counts is what stays when it is there.
  const fetched = page.waitForResponse(/\/assets\/map-.*\.js$/);
  await openMap(page, { lang: "en", scheme: "light" });
  await (await fetched).finished();
  await page.waitForLoadState("networkidle");
  await expect(page.locator(".map-canvas > svg .land.ours")).toHaveCount(1);
  await outlined(page);
});

test("the map is moved and enlarged by keys, and by hand", async ({ page }) => {
  await openMap(page, { lang: "en", scheme: "light" });
  const map = page.getByRole("application", { name: "Map: Expected phones by facility" });
  const dot = page.locator(".map .dot").first();
  const left = async () => (await dot.boundingBox())?.x ?? 0;
  const first = await left();
  await map.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(left).toBeCloseTo(first - 60, 0);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(left).toBeCloseTo(first, 0);
  const gap = async () => {
    const boxes = await page.locator(".map .dot").evaluateAll((all) => all.slice(0, 2).map((each) => each.getBoundingClientRect().left));
    return Math.abs((boxes[0] ?? 0) - (boxes[1] ?? 0));
  };
  const near = await gap();
  await page.keyboard.press("-");
  await expect.poll(gap).toBeCloseTo(near / 2, 0);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(gap).toBeCloseTo(near, 0);
  const box = await map.boundingBox();
  if (!box) throw new Error("the map has no place");
  await page.mouse.move(box.x + 12, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 52, box.y + 12, { steps: 4 });
  await page.mouse.up();
  await expect.poll(left).toBeCloseTo(first + 40, 0);
});

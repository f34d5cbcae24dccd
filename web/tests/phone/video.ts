import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";

const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm"));
await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });

/** What a camera sees, as a video that Chromium plays in place of one (YUV4MPEG2, grey). */
const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 4;
/** Pixels of a label's thinnest bar. */
const BAR = 3;

/** A printed label with a bar code, as a phone's camera sees it: grey around, paper not quite white, noise. */
export async function labelVideo(path: string, text: string): Promise<void> {
  const { symbol } = await writeBarcode(text, { format: "Code128", scale: 1 });
  const bars = symbol.data.subarray(0, symbol.width);
  const left = (WIDTH - symbol.width * BAR) / 2;
  writeVideo(path, (x, y) => {
    const up = Math.abs(y - HEIGHT / 2);
    if (up > 105 || x < left - 60 || x > WIDTH - left + 60) return 90;
    const bar = bars[Math.floor((x - left) / BAR)];
    return up < 75 && bar !== undefined && bar < 128 ? 35 : 225;
  });
}

/** A grey picture. */
export interface Picture {
  width: number;
  height: number;
  luma: Uint8Array;
}

/** Another phone's screen, held before the camera. */
export function screenVideo(path: string, { width, height, luma }: Picture): void {
  const scale = Math.min(WIDTH / width, HEIGHT / height) * 0.95;
  const left = (WIDTH - width * scale) / 2;
  const top = (HEIGHT - height * scale) / 2;
  writeVideo(path, (x, y) => {
    const column = Math.floor((x - left) / scale);
    const row = Math.floor((y - top) / scale);
    const inside = column >= 0 && column < width && row >= 0 && row < height;
    // What shines on a screen is never quite black or white to a camera.
    return inside ? 20 + (luma[row * width + column] ?? 0) * 0.8 : 60;
  });
}

function writeVideo(path: string, luma: (x: number, y: number) => number): void {
  const parts: Uint8Array[] = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)];
  let noise = 12_345;
  for (let frame = 0; frame < FRAMES; frame++) {
    const picture = Buffer.alloc((WIDTH * HEIGHT * 3) / 2, 128);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        noise = (Math.imul(noise, 1_103_515_245) + 12_345) & 0x7fffffff;
        picture[y * WIDTH + x] = luma(x, y) + ((noise >> 16) % 17) - 8;
      }
    }
    parts.push(Buffer.from("FRAME\n"), picture);
  }
  writeFileSync(path, Buffer.concat(parts));
}

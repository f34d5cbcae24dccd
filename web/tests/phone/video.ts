import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, writeBarcode, type WriterOptions } from "zxing-wasm/writer";

const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm"));
await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });

/** What a camera sees, as a video that Chromium plays in place of one (YUV4MPEG2, grey). */
const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 4;

/** A printed label with a bar code, as a phone's camera sees it: grey around, paper not quite white, noise. */
export async function labelVideo(path: string, text: string): Promise<void> {
  await codeVideo(path, text, { format: "Code128", scale: 3, withQuietZones: true }, 150);
}

/** A QR code on another phone's screen. */
export async function screenVideo(path: string, text: string): Promise<void> {
  await codeVideo(path, text, { format: "QRCode", scale: 4, withQuietZones: true }, undefined);
}

async function codeVideo(path: string, text: string, options: WriterOptions, height: number | undefined): Promise<void> {
  const { symbol, error } = await writeBarcode(text, { ...options, scale: 1 });
  if (symbol.width === 0) throw new Error(`no code of this text: ${error}`);
  const scale = Math.max(1, Math.min(Math.floor((WIDTH * 0.8) / symbol.width), height === undefined ? Math.floor((HEIGHT * 0.96) / symbol.height) : 3));
  const tall = height ?? symbol.height * scale;
  const left = Math.floor((WIDTH - symbol.width * scale) / 2);
  const top = Math.floor((HEIGHT - tall) / 2);
  const at = (x: number, y: number): number => {
    const column = Math.floor((x - left) / scale);
    const row = height === undefined ? Math.floor((y - top) / scale) : 0;
    const inside = column >= 0 && column < symbol.width && y >= top && y < top + tall;
    if (!inside) return Math.abs(y - HEIGHT / 2) < tall / 2 + 30 && Math.abs(x - WIDTH / 2) < (symbol.width * scale) / 2 + 40 ? 225 : 90;
    return (symbol.data[row * symbol.width + column] ?? 255) < 128 ? 35 : 225;
  };
  writeVideo(path, at);
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

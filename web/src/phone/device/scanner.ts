/** Reads codes off pictures. It comes from our own origin and is loaded when it is first needed. */

import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

/** What is looked for: the label of a phone or a seal, or a code on another screen. */
export type Looking = "label" | "screen";

const OPTIONS: Record<Looking, ReaderOptions> = {
  label: { formats: ["Code128", "Code39", "Code93", "ITF", "EAN13", "DataMatrix", "QRCode", "PDF417"], maxNumberOfSymbols: 8 },
  screen: { formats: ["QRCode"], maxNumberOfSymbols: 1 },
};

const ready = prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

/** The texts of all codes on a picture. */
export async function readCodes(image: ImageData, looking: Looking): Promise<string[]> {
  await ready;
  const found = await readBarcodes(image, OPTIONS[looking]);
  return found.filter((code) => code.isValid).map((code) => code.text);
}

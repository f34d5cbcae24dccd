/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Entry, readEntry, spell } from "../core/entry";
import { refusal } from "../core/sense";
import { deviceOf, fits } from "./keys";

interface Signed {
  text: string;
  signature: string;
}
interface Vectors {
  devices: Record<"ed25519" | "p256", { device: string; key: string }>;
  spelling: { good: string; refused: { text: string; why: string }[] };
  vectors: ({ name: string; by: Entry["by"]; occurred: string; sequence: number; what: Entry["what"] } & Record<"ed25519" | "p256", Signed>)[];
}

const file = new URL("../../../../crates/cellsweep-field/fixtures/vectors.json", import.meta.url);
const { devices, spelling, vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

test.each(vectors.map((vector) => [vector.name, vector] as const))("%s is spelt and signed as the server's program does", async (_, vector) => {
  for (const kind of ["ed25519", "p256"] as const) {
    const { device, key } = devices[kind];
    const signed = vector[kind];
    const entry = readEntry(signed.text);
    expect(spell(entry)).toBe(signed.text);
    expect(refusal(entry)).toBeUndefined();
    expect(entry).toMatchObject({ device, occurred: vector.occurred, by: vector.by, what: { kind: vector.what.kind } });
    expect(await fits(key, signed)).toBe(true);
    expect(await fits(key, { ...signed, text: `${signed.text} ` })).toBe(false);
    expect(await deviceOf(key)).toBe(device);
  }
});

test("an entry's spelling is put together from its values, in whatever order they stand", () => {
  for (const { what, by, occurred, sequence, ed25519 } of vectors) {
    const { device } = devices.ed25519;
    const own = JSON.parse(JSON.stringify(what).replaceAll("DEVICE", device)) as Entry["what"];
    expect(spell({ v: 1, id: `${device}:${sequence}`, occurred, device, sequence, by, what: own })).toBe(ed25519.text);
  }
});

test("what the server sets apart is no entry here", () => {
  expect(() => readEntry(spelling.good)).not.toThrow();
  for (const { text, why } of spelling.refused) {
    const read = () => {
      const why = refusal(readEntry(text));
      if (why !== undefined) throw new Error(why);
    };
    expect(read, why).toThrow();
  }
});

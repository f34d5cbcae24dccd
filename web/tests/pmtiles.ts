/** A PMTiles file (version 3) of one vector tile, written by hand after both forms' specifications. */

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
/** A field of a protocol buffer: its bytes, or a number. */
const field = (number: number, value: number[] | number): number[] => (typeof value === "number" ? [...varint(number * 8), ...varint(value)] : [...varint(number * 8 + 2), ...varint(value.length), ...value]);
const text = (words: string): number[] => [...new TextEncoder().encode(words)];
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

const EXTENT = 4096;
type Corner = readonly [x: number, y: number];

/** A polygon's feature (mapbox vector tile 2.1, 4.3): move, lines, close. Corners clockwise, in tile units. */
function polygon(corners: readonly Corner[]): number[] {
  const steps = corners.map(([x, y], index) => [x - (corners[index - 1]?.[0] ?? 0), y - (corners[index - 1]?.[1] ?? 0)].flatMap((step) => varint(zigzag(step))));
  const geometry = [9, ...(steps[0] ?? []), ...varint((corners.length - 1) * 8 + 2), ...steps.slice(1).flat(), 15];
  return [...field(3, 3), ...field(4, geometry)];
}

const layer = (name: string, corners: readonly Corner[]): number[] => field(3, [...field(15, 2), ...field(1, text(name)), ...field(2, polygon(corners)), ...field(5, EXTENT)]);

const HEADER = 127;

export interface Land {
  bytes: Buffer;
  /** Where the tile begins. */
  tileAt: number;
}

/** The whole world as land, in one tile. */
export function allLand(attribution: string): Land {
  const tile = layer("earth", [[0, 0], [EXTENT, 0], [EXTENT, EXTENT], [0, EXTENT]]);
  // One entry: tile 0, once, so long, at the beginning of the tiles.
  const directory = [1, 0, 1, ...varint(tile.length), 1];
  const metadata = text(JSON.stringify({ attribution, vector_layers: [{ id: "earth", fields: {} }] }));
  const tileAt = HEADER + directory.length + metadata.length;
  const header = Buffer.alloc(HEADER);
  header.write("PMTiles");
  header[7] = 3;
  const sections = [[HEADER, directory.length], [HEADER + directory.length, metadata.length], [tileAt, 0], [tileAt, tile.length], [1, 1], [1, 1]].flat();
  sections.slice(0, 11).forEach((value, index) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * index));
  // Clustered; nothing compressed; vector tiles; of zoom 0 alone.
  header.set([1, 1, 1, 1, 0, 0], 96);
  [-180, -85, 180, 85].forEach((degrees, index) => header.writeInt32LE(degrees * 1e7, 102 + 4 * index));
  return { bytes: Buffer.concat([header, Buffer.from([...directory, ...metadata, ...tile])]), tileAt };
}

/** How much of anything is taken in: the same figures as the server's. */

/** Numbers that JavaScript counts exactly. */
export const SEQUENCE = Number.MAX_SAFE_INTEGER;
/** Bytes of a device's key id. */
export const DEVICE_BYTES = 64;
/** Witnesses, photos, SIMs of a find. */
export const FEW = 32;
/** Seals, items, files of a hand-over. */
export const MANY = 512;
/** Cells of a plan. */
export const CELLS = 50_000;
/** Teams or sites of a day. */
export const TEAMS = 2_000;
/** How far off a measure of a clock may be, in milliseconds. */
export const CLOCK_MS = 3_600_000;
/** Entries of a batch. */
export const BATCH = 256;
/** Bytes of texts in a batch: a jammed network carries little at a time. */
export const BATCH_BYTES = 64 << 10;
/** Ranges of a device's entries in a message. */
export const RANGES = 4_096;
/** Bytes that a QR code of the largest kind holds (version 40, error correction L). */
export const CODE_BYTES = 2_953;

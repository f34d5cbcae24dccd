/** Seals come on rolls, numbered one after the other. */

/** The seal that follows on the roll: the last run of digits, one higher, as many digits long. */
export function nextSeal(seal: string): string | undefined {
  const found = /^(.*?)(\d+)(\D*)$/.exec(seal);
  const digits = found?.[2];
  if (found === null || digits === undefined) return undefined;
  const next = (BigInt(digits) + 1n).toString().padStart(digits.length, "0");
  return next.length > digits.length ? undefined : `${found[1]}${next}${found[3]}`;
}

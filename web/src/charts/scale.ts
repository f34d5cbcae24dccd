/** Round marks from 0 up to `most`: steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function niceTicks(most: number, count: number): number[] {
  if (most <= 0) return [0];
  const rough = most / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? power * 10;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

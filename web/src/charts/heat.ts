/** Expected phones as one of six steps of colour. */

/** Steps for a cell: upper ends of 0, …, 5. */
const CELL_STEPS = [0.05, 0.25, 0.5, 1, 2];

/** 0 for next to none, 5 for many. */
export function cellHeat(expected: number): number {
  const step = CELL_STEPS.findIndex((end) => expected < end);
  return step < 0 ? CELL_STEPS.length : step;
}

/** A facility's step among its likes: its share of the largest, by square root. */
export function heatOf(value: number, largest: number): number {
  if (largest <= 0 || value <= 0) return 0;
  return Math.max(1, Math.min(5, Math.ceil(Math.sqrt(value / largest) * 5)));
}

export { CELL_STEPS };

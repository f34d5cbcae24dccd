/** From the odds at the outset to the conclusion, finding by finding, in log10. */

export interface Step {
  from: number;
  to: number;
}

export interface Waterfall {
  steps: Step[];
  /** Where the findings' sum ends; the conclusion may differ by rounding only. */
  end: number;
  /** Whole powers of ten that hold all of it, and 0. */
  low: number;
  high: number;
}

export function waterfall(prior: number, weights: readonly number[]): Waterfall {
  let at = prior;
  const steps = weights.map((weight) => {
    const from = at;
    at += weight;
    return { from, to: at };
  });
  const all = [0, prior, ...steps.map((step) => step.to)];
  return { steps, end: at, low: Math.floor(Math.min(...all) - 0.25), high: Math.ceil(Math.max(...all) + 0.25) };
}

/** Whole powers of ten from low to high, thinned so that at most `most` stand on an axis; 0 is always one of them. */
export function ticks(low: number, high: number, most = 9): number[] {
  const every = Math.max(1, Math.ceil((high - low) / most));
  return Array.from({ length: high - low + 1 }, (_, index) => low + index).filter((tick) => tick % every === 0);
}

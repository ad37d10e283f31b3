import { sampleRate } from "./analysis-rate.js";

/** One glottal cycle: the signal between two successive closures. */
export interface Pulse {
  /** Sample of the closure before the cycle. `end` is the sample of the closure that ends it. */
  readonly start: number;
  readonly end: number;
}

/**
 * True if two closures belong to one voiced stretch: their distance is a period of 50 to 500 Hz, the range of
 * F0.
 */
export function isPeriod(samples: number): boolean {
  return samples >= sampleRate / 500 && samples <= sampleRate / 50;
}

/** Returns the cycles between neighbouring closures. */
export function pulsesBetween(closures: readonly number[]): Pulse[] {
  return closures.slice(1).flatMap((end, i) => {
    const start = closures[i] ?? end;
    return isPeriod(end - start) ? [{ start, end }] : [];
  });
}

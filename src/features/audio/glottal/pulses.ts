import { sampleRate } from "./analysis-rate.js";

/** The stretch of signal between two successive closures: one glottal cycle. */
export interface Pulse {
  /** Samples; the closure before the cycle, and the one that ends it. */
  readonly start: number;
  readonly end: number;
}

/**
 * Two closures are neighbours in one voiced stretch if they are as far apart as a period of 50 to 500 Hz, the
 * range in which F0 is looked for.
 */
export function isPeriod(samples: number): boolean {
  return samples >= sampleRate / 500 && samples <= sampleRate / 50;
}

/** The cycles between neighbouring closures. */
export function pulsesBetween(closures: readonly number[]): Pulse[] {
  return closures.slice(1).flatMap((end, i) => {
    const start = closures[i] ?? end;
    return isPeriod(end - start) ? [{ start, end }] : [];
  });
}

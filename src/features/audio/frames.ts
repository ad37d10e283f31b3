/**
 * The grid that all acoustic features share: 10 ms apart at 16 kHz, the first centred 5 ms after the start.
 */

/** Hz. */
export const ANALYSIS_RATE = 16_000;
/** Samples between frames. */
export const HOP = 160;

/** T: how many frames N samples have; COVAREP's count, but at least 1. */
export function frameCount(samples: number): number {
  return Math.max(1, Math.floor((samples - HOP / 2) / HOP) + 1);
}

/** Sample at the centre of frame t. */
export function frameCentre(t: number): number {
  return HOP / 2 + HOP * t;
}

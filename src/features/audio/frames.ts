/** Grid of frames of all acoustic features: 10 ms apart at 16 kHz, the first centred 5 ms after the start. */

/** Sampling rate of the analyses in Hz. */
export const ANALYSIS_RATE = 16_000;
/** Number of samples between frames. */
export const HOP = 160;

/** Returns T, the number of frames of N samples: COVAREP's count, but at least 1. */
export function frameCount(samples: number): number {
  return Math.max(1, Math.floor((samples - HOP / 2) / HOP) + 1);
}

/** Returns the sample at the centre of frame t. */
export function frameCentre(t: number): number {
  return HOP / 2 + HOP * t;
}

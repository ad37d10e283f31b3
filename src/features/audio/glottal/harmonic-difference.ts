import type { Pulse } from "./pulses.js";
import { decibels, powerAt } from "./spectrum-at.js";

/** Periods in the frame. */
const FRAME_PERIODS = 3;
/** A harmonic is looked for within this share of F0 around its place. */
const REACH = 0.3;
const STEP = 0.1;

/**
 * H1-H2: level of the first harmonic of the derivative of flow minus that of the second, in dB (Hanson,
 * "Glottal characteristics of female speakers", JASA 101(1), 1997, here without correction for formants, of
 * which the flow is already free). From a Hamming window of three periods around the closure that ends the
 * cycle.
 * @param windowOf the Hamming window of a length
 * @returns undefined if there is no signal
 */
export function harmonicDifference(
  derivative: Float64Array,
  { start, end }: Pulse,
  windowOf: (length: number) => Float64Array,
): number | undefined {
  const period = end - start;
  const half = Math.round((FRAME_PERIODS * period) / 2);
  const from = Math.max(0, end - half);
  const frame = derivative.slice(from, end + half + 1);
  windowOf(frame.length).forEach((weight, i) => {
    frame[i] = weight * (frame[i] ?? 0);
  });
  if (frame.every((value) => value === 0)) return undefined;
  return harmonicLevel(frame, period, 1) - harmonicLevel(frame, period, 2);
}

/** dB of the greatest peak near a harmonic, interpolated by a parabola. */
function harmonicLevel(frame: Float64Array, period: number, harmonic: number): number {
  const steps = Math.round((2 * REACH) / STEP);
  const levels = Array.from({ length: steps + 1 }, (_, i) =>
    decibels(powerAt(frame, (2 * Math.PI * (harmonic - REACH + i * STEP)) / period)),
  );
  const best = levels.reduce((top, level, i) => (level > (levels[top] ?? level) ? i : top), 0);
  const left = levels[best - 1];
  const peak = levels[best] ?? 0;
  const right = levels[best + 1];
  if (left === undefined || right === undefined || left - 2 * peak + right >= 0) return peak;
  return peak - (left - right) ** 2 / (8 * (left - 2 * peak + right));
}

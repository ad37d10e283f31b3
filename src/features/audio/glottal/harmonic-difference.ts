import { defined } from "../../../core/defined.js";
import type { Pulse } from "./pulses.js";
import { decibels, powerAt } from "./spectrum-at.js";

/** Number of periods in the frame. */
const FRAME_PERIODS = 3;
/** Half width of the search for a harmonic, as a fraction of F0. */
const REACH = 0.3;
const STEP = 0.1;

/**
 * Computes H1-H2: level of the first harmonic of the derivative of flow minus that of the second, in dB
 * (Hanson, "Glottal characteristics of female speakers", JASA 101(1), 1997). Needs no correction for
 * formants, which the flow does not contain. Uses a Hamming window of three periods around the closure that
 * ends the cycle.
 * @param windowOf returns the Hamming window of a length
 * @returns undefined without a signal
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
    frame[i] = weight * defined(frame[i]);
  });
  if (frame.every((value) => value === 0)) return undefined;
  return harmonicLevel(frame, period, 1) - harmonicLevel(frame, period, 2);
}

/** Returns the level of the greatest peak near a harmonic in dB, interpolated by a parabola. */
function harmonicLevel(frame: Float64Array, period: number, harmonic: number): number {
  const steps = Math.round((2 * REACH) / STEP);
  const levels = Array.from({ length: steps + 1 }, (_, i) =>
    decibels(powerAt(frame, (2 * Math.PI * (harmonic - REACH + i * STEP)) / period)),
  );
  const best = levels.reduce((top, level, i) => (level > defined(levels[top]) ? i : top), 0);
  const left = levels[best - 1];
  const peak = defined(levels[best]);
  const right = levels[best + 1];
  if (left === undefined || right === undefined || left - 2 * peak + right >= 0) return peak;
  return peak - (left - right) ** 2 / (8 * (left - 2 * peak + right));
}

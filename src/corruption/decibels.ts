import { exp } from "../core/math.js";

const NEPERS_PER_DECIBEL = 2.302585092994046 / 20;

/** Ratio of amplitudes of a level in dB: 10^(dB / 20). */
export function amplitudeOf(decibels: number): number {
  return exp(decibels * NEPERS_PER_DECIBEL);
}

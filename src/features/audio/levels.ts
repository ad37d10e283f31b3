import { defined } from "../../core/defined.js";

/** Decibels of a power ratio per unit of its natural logarithm. */
export const DB_PER_NEPER = 10 / 2.302585092994046;

/** Returns the sum of squares of the samples from `start` to `end - 1`. */
export function energyBetween(samples: ArrayLike<number>, start: number, end: number): number {
  let energy = 0;
  for (let i = start; i < end; i++) energy += defined(samples[i]) * defined(samples[i]);
  return energy;
}

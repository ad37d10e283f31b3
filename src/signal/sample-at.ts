import { defined } from "../core/defined.js";

/** Returns sample `i` of a signal that is 0 outside its ends. */
export function sampleAt(signal: ArrayLike<number>, i: number): number {
  return i >= 0 && i < signal.length ? defined(signal[i]) : 0;
}

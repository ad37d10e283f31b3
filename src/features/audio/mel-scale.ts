import { exp, log } from "../../core/math.js";

/**
 * Returns the mel scale of O'Shaughnessy (1987) and HTK: 2595 log10(1 + f / 700), which is 1127.01048 ln(1 +
 * f / 700).
 */
export function mel(frequency: number): number {
  return 1127.01048 * log(1 + frequency / 700);
}

/** Returns the frequency in Hz of a value of the mel scale. */
export function inverseMel(value: number): number {
  return 700 * (exp(value / 1127.01048) - 1);
}

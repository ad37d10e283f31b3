import { exp, log } from "../core/math.js";

/**
 * Returns the function from^(1 - severity) * to^severity. Equal steps of severity multiply the amount by
 * equal factors.
 */
export function geometric(from: number, to: number): (severity: number) => number {
  const ratio = log(to / from);
  return (severity) => from * exp(ratio * severity);
}

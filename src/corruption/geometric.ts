import { exp, log } from "../core/math.js";

/** from^(1 - severity) * to^severity: equal steps of severity multiply the amount by equal factors. */
export function geometric(from: number, to: number): (severity: number) => number {
  const ratio = log(to / from);
  return (severity) => from * exp(ratio * severity);
}

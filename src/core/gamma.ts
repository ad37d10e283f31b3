import { log } from "./math.js";

/*
 * Logarithm of the gamma function and its first two derivatives, for x > 0.
 *
 * Recurrences raise x above 12. Stirling's asymptotic series (Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12)
 * does the rest; its first omitted term is below 1e-15 there. Uses IEEE operations only, so that every engine
 * gives the same bits.
 */

const LARGE = 12;
const HALF_LOG_TWO_PI = 0.918_938_533_204_672_7;

/** log Gamma(x), x > 0; NaN otherwise. */
export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  let product = 1;
  let z = x;
  for (; z < LARGE; z++) product *= z;
  const r = 1 / (z * z);
  const series =
    (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360_360)))))) / z;
  return (z - 0.5) * log(z) - z + HALF_LOG_TWO_PI + series - log(product);
}

/** psi(x) = d/dx log Gamma(x), x > 0; NaN otherwise. */
export function digamma(x: number): number {
  if (!(x > 0)) return NaN;
  let sum = 0;
  let z = x;
  for (; z < LARGE; z++) sum += 1 / z;
  const r = 1 / (z * z);
  const series =
    r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32_760))))));
  return log(z) - 0.5 / z - series - sum;
}

/** psi'(x), x > 0; NaN otherwise. */
export function trigamma(x: number): number {
  if (!(x > 0)) return NaN;
  let sum = 0;
  let z = x;
  for (; z < LARGE; z++) sum += 1 / (z * z);
  const r = 1 / (z * z);
  const series = r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730))))));
  return 1 / z + 0.5 * r + series / z + sum;
}

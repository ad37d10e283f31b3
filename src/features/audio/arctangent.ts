import { defined } from "../../core/defined.js";

/**
 * arctan(k / 8). The angle uses only IEEE-754 basic operations, so that every JavaScript engine gives the
 * same bits (Math.atan2 is implementation-defined). The argument is reduced to |r| <= 1/16 by atan(x) =
 * atan(c) + atan((x - c) / (1 + x c)) for the nearest c = k/8; the rest is the Taylor series.
 */
const EIGHTHS = [
  0, 0.12435499454676144, 0.24497866312686414, 0.3587706702705722, 0.4636476090008061, 0.5585993153435624,
  0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
];

/** Returns the arctangent for x in [0, 1]; NaN for NaN. */
function arctangentOfUnit(x: number): number {
  const k = Math.round(x * 8);
  const c = k / 8;
  const r = (x - c) / (1 + x * c);
  const r2 = r * r;
  let p = 0;
  for (let i = 15; i >= 3; i -= 2) p = (1 / i - p) * r2;
  return defined(EIGHTHS[k]) + r * (1 - p);
}

/** Returns the angle of the vector (x, y) in (-pi, pi], within 1e-15; 0 for the zero vector. */
export function angleOf(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  if (ax === 0 && ay === 0) return 0;
  const acute = ay <= ax ? arctangentOfUnit(ay / ax) : Math.PI / 2 - arctangentOfUnit(ax / ay);
  const upper = x < 0 ? Math.PI - acute : acute;
  return y < 0 ? -upper : upper;
}

/** Returns the equivalent angle in [-pi, pi]. */
export function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

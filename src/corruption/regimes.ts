import { sqrt } from "../core/math.js";
import { integerAt, uniformAt, type RandomKey } from "../core/random.js";
import { fillNormal } from "../core/fill-normal.js";

/**
 * Changes one vector of features in place. Features are in units of their deviation, around 0, which says
 * nothing.
 * @param severity in (0, 1]
 * @param other the same features of another sample
 */
export type Regime = (row: Float32Array, severity: number, key: RandomKey, other: Float32Array) => void;

/**
 * The ways in which features go bad: those of the synthetic data, and of the copies that training may make.
 */
export const regimeNames = ["noise", "dropout", "block", "swap", "saturation"] as const;

export type RegimeName = (typeof regimeNames)[number];

const noise: Regime = (row, severity, key) => {
  const extra = new Float32Array(row.length);
  fillNormal(key, extra, 2 * severity);
  for (let d = 0; d < row.length; d++) row[d] = (row[d] ?? 0) + (extra[d] ?? 0);
};

const dropout: Regime = (row, severity, key) => {
  for (let d = 0; d < row.length; d++) if (uniformAt(key, d) < severity) row[d] = 0;
};

const block: Regime = (row, severity, key) => {
  const length = Math.round(severity * row.length);
  const start = integerAt(key, 0, row.length);
  for (let i = 0; i < length; i++) row[(start + i) % row.length] = 0;
};

const swap: Regime = (row, severity, _key, other) => {
  // keeps the variance, so that one modality alone does not give it away
  const kept = sqrt(1 - severity * severity);
  for (let d = 0; d < row.length; d++) row[d] = kept * (row[d] ?? 0) + severity * (other[d] ?? 0);
};

const saturation: Regime = (row, severity) => {
  const gain = 1 + 3 * severity;
  const limit = 2.5 - 2 * severity;
  for (let d = 0; d < row.length; d++) row[d] = Math.max(-limit, Math.min(limit, gain * (row[d] ?? 0)));
};

export const REGIMES: Readonly<Record<RegimeName, Regime>> = { noise, dropout, block, swap, saturation };

/** Least severity of what is corrupted; the largest is 1. */
const LEAST_SEVERITY = 0.1;

/** A severity, uniform between the least and 1. @param draw uniform in (0, 1) */
export function severityFrom(draw: number): number {
  return LEAST_SEVERITY + (1 - LEAST_SEVERITY) * draw;
}

import { defined } from "../core/defined.js";

/**
 * Chooses the modalities that are removed from one sample. Each is removed with probability p. If all would
 * be removed, the one with the largest draw stays.
 *
 * With M modalities the expected fraction of removed ones is p - p^M / M. p is chosen so that this equals
 * `rate`. A rate of (M - 1) / M or more leaves exactly one.
 * @param draws one for each of the M modalities that the sample has, by name, uniform in (0, 1)
 * @returns names of those to drop; never all of them
 */
export function chooseMissing(draws: ReadonlyMap<string, number>, rate: number): string[] {
  const p = dropProbability(rate, draws.size);
  const last = Math.max(...draws.values());
  return [...draws].flatMap(([name, draw]) => (draw < p && draw !== last ? [name] : []));
}

/** Solves p - p^M / M = rate for p in [0, 1] by bisection; the left side grows with p. */
export function dropProbability(rate: number, count: number): number {
  if (count < 2) return 0;
  return bisect((p) => {
    let power = 1;
    for (let m = 0; m < count; m++) power *= p;
    return p - power / count < rate;
  });
}

/**
 * Chooses the modalities that are removed from one sample, each with a rate of its own. Modality m is removed
 * with probability p_m, independently. If all would be removed, the one with the largest draw / p_m stays,
 * which is each of them equally often.
 * @param draws one for each modality that the sample has, by name, uniform in (0, 1)
 * @param rates probability that a modality is missing; a modality without a rate stays
 * @returns names of those to drop; never all of them
 */
export function chooseMissingAt(
  draws: ReadonlyMap<string, number>,
  rates: ReadonlyMap<string, number>,
): string[] {
  const names = [...draws.keys()];
  const p = dropProbabilities(names.map((name) => rates.get(name) ?? 0));
  const dropped = names.filter((name, m) => defined(draws.get(name)) < defined(p[m]));
  if (dropped.length < names.length) return dropped;
  const shares = names.map((name, m) => defined(draws.get(name)) / defined(p[m]));
  const kept = shares.indexOf(Math.max(...shares));
  return names.filter((_, m) => m !== kept);
}

/**
 * Solves p_m - P / M = r_m with P = p_1 ... p_M, so that modality m is missing with probability r_m although
 * one of M modalities always stays. P is the smallest solution of P = product of min(1, r_m + P / M), found
 * by bisection. Rates whose sum exceeds M - 1 cannot all be reached.
 * @param rates r_m in [0, 1], [M]
 * @returns p_m in [0, 1], [M]
 */
export function dropProbabilities(rates: readonly number[]): number[] {
  const count = rates.length;
  if (count < 2) return rates.map(() => 0);
  if (rates.includes(0)) return [...rates];
  const at = (all: number): number[] => rates.map((rate) => Math.min(1, rate + all / count));
  return at(bisect((all) => at(all).reduce((product, p) => product * p, 1) > all));
}

/** Finds where a condition that holds for small numbers in [0, 1] stops to hold. */
function bisect(holds: (value: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

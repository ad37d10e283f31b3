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
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const p = (low + high) / 2;
    let power = 1;
    for (let m = 0; m < count; m++) power *= p;
    if (p - power / count < rate) low = p;
    else high = p;
  }
  return high;
}

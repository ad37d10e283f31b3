import { foldIn, randomKey, uniformAt } from "../core/random.js";

/**
 * What the resamples of a paired comparison draw. They depend on the number of samples and the seed alone, so
 * that all comparisons of a table share them.
 */
export interface Resampling {
  /** [R, N]: which sample stands at each place of each bootstrap resample. */
  readonly rows: Int32Array;
  /** [R, N]: 1 or -1. */
  readonly signs: Int8Array;
}

let last: { readonly key: string; readonly drawn: Resampling } | undefined;

/** The same draws each time; those of the last call are kept. */
export function resamplingOf(count: number, resamples: number, seed: number): Resampling {
  const key = `${count}/${resamples}/${seed}`;
  if (last?.key !== key) last = { key, drawn: draw(count, resamples, seed) };
  return last.drawn;
}

function draw(count: number, resamples: number, seed: number): Resampling {
  const [draws, flips] = [randomKey(seed, "paired-bootstrap"), randomKey(seed, "sign-flip")];
  const rows = new Int32Array(resamples * count);
  const signs = new Int8Array(resamples * count);
  for (let r = 0; r < resamples; r++) {
    const [draw, flip] = [foldIn(draws, r), foldIn(flips, r)];
    for (let n = 0; n < count; n++) {
      rows[r * count + n] = Math.floor(uniformAt(draw, n) * count);
      signs[r * count + n] = uniformAt(flip, n) < 0.5 ? 1 : -1;
    }
  }
  return { rows, signs };
}

import { foldIn, randomKey, uniformAt } from "../core/random.js";

/**
 * Random draws of the resamples of a paired comparison. They depend only on the number of samples and the
 * seed, so all comparisons of a table share them.
 */
export interface Resampling {
  /** Sample index at each position of each bootstrap resample, [R, N]. */
  readonly rows: Int32Array;
  /** Random signs 1 or -1, [R, N]. */
  readonly signs: Int8Array;
}

let last: { readonly key: string; readonly drawn: Resampling } | undefined;

/** Returns the draws for a number of samples and a seed. Caches those of the last call. */
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

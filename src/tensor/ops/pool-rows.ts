import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Packing } from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { requirePacked } from "./packing.js";

/**
 * Computes the weighted sum of each sample's rows, in order. The weights 1 / length give the mean.
 *
 * @param a [R, D]
 * @param weights [R], constants
 * @returns [B, D]; zeros for a sample without rows
 * @throws ShapeError if `a` or `weights` do not fit the packing
 */
export function poolRows(tape: Tape, a: Tensor, weights: ArrayLike<number>, packing: Packing): Tensor {
  const { backend } = tape;
  requirePacked("poolRows", a, packing);
  if (weights.length !== packing.rows)
    throw new ShapeError(`poolRows: ${weights.length} weights for ${packing.rows} rows`);
  const width = a.extent(1);
  const w = backend.scratch(packing.rows);
  w.view.set(weights);
  const output = tape.output([packing.samples, width], [a]); // [B, D]
  backend.poolRows(a.buffer, w, packing, width, output.buffer);
  tape.record(output, (dout) => {
    backend.poolRowsBackward(dout, w, packing, width, tape.gradientOf(a));
  });
  return output;
}

/** Returns 1 / length for the rows of each sample. Their weighted sum is the mean. [R] */
export function meanWeights({ samples, rows, starts }: Packing): Float64Array {
  const weights = new Float64Array(rows);
  const view = starts.view;
  for (let b = 0; b < samples; b++) {
    const [first, end] = [defined(view[b]), defined(view[b + 1])];
    if (end > first) weights.fill(1 / (end - first), first, end);
  }
  return weights;
}

/** Returns 1 for the last row of each sample, 0 for the others. [R] */
export function lastWeights({ samples, rows, starts }: Packing): Float64Array {
  const weights = new Float64Array(rows);
  const view = starts.view;
  for (let b = 0; b < samples; b++)
    if (defined(view[b + 1]) > defined(view[b])) weights[defined(view[b + 1]) - 1] = 1;
  return weights;
}

import { defined } from "../../../core/defined.js";
import { add, mul } from "../../../tensor/ops/elementwise.js";
import { slice } from "../../../tensor/ops/shape-ops.js";
import { softmax } from "../../../tensor/ops/softmax.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** Logit of an expert that is not selected: its gate is 0 in float32 and in float64. */
const NOT_SELECTED = -1e4;

/** Gates of experts that all run. */
export interface TopExperts {
  /** Softmax over the selected experts of each sample, 0 for the others, [B, N]. */
  readonly gates: Tensor;
  /** Softmax over all experts, [B, N]. */
  readonly probabilities: Tensor;
  /** Selected experts of each sample, by descending logit, [B, K]. */
  readonly indices: { readonly view: Int32Array };
  /** K, at most N. */
  readonly selected: number;
  /** K. */
  readonly slots: number;
  /** N. */
  readonly experts: number;
}

/**
 * Selects the K most probable experts of each sample. Of equal logits, the first one is selected.
 * @param logits [B, N]
 */
export function topExperts(tape: Tape, logits: Tensor, topK: number): TopExperts {
  const [batch, experts] = [logits.extent(0), logits.extent(1)];
  const selected = Math.min(topK, experts);
  const { view } = logits.buffer;
  const indices = new Int32Array(batch * selected);
  const others = new Float32Array(batch * experts).fill(NOT_SELECTED);
  for (let b = 0; b < batch; b++) {
    const row = Array.from({ length: experts }, (_, j) => j).sort(
      (i, j) => defined(view[b * experts + j]) - defined(view[b * experts + i]) || i - j,
    );
    row.slice(0, selected).forEach((j, k) => {
      indices[b * selected + k] = j;
      others[b * experts + j] = 0;
    });
  }
  return {
    gates: softmax(tape, add(tape, logits, tape.constant(others, [batch, experts]))), // [B, N]
    probabilities: softmax(tape, logits), // [B, N]
    indices: { view: indices },
    selected,
    slots: selected,
    experts,
  };
}

/**
 * Mixes the outputs of experts, sum_j G_j e_j.
 * @param outputs of all experts side by side, [B, N * H]
 * @param gates [B, N]
 * @returns [B, H]
 */
export function mixExperts(tape: Tape, outputs: Tensor, gates: Tensor): Tensor {
  const experts = gates.extent(1);
  const width = outputs.extent(1) / experts;
  return Array.from({ length: experts }, (_, j) =>
    mul(
      tape,
      slice(tape, outputs, 1, j * width, (j + 1) * width),
      slice(tape, gates, 1, j, j + 1), // [B, 1]
    ),
  ).reduce((sum, one) => add(tape, sum, one));
}

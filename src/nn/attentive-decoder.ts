import { add, scale } from "../tensor/ops/elementwise.js";
import { matmul } from "../tensor/ops/matmul.js";
import { concat, reshape } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { RecurrentUnit } from "./recurrent.js";

/** Added to the attention scores of padding, so that its weight is exactly 0. */
const MASKED = -1e9;

/**
 * Decodes encoded states to a sequence of another modality.
 *
 * A recurrent unit starts from the last state. At each step, its input is attention over the encoded states:
 * dot products with the unit's state, divided by sqrt(H). Parameters: `<name>/unit/...`, `<name>/out/...`.
 */
export class AttentiveDecoder {
  private readonly unit: RecurrentUnit;
  private readonly out: Linear;

  /**
   * @param hidden width of the encoded states, H
   * @param outputs width of the decoded sequence, D
   */
  constructor(parameters: ParameterSet, name: string, hidden: number, outputs: number) {
    this.unit = new RecurrentUnit(parameters, `${name}/unit`, hidden, hidden);
    this.out = new Linear(parameters, `${name}/out`, hidden, outputs);
  }

  /**
   * Decodes a sequence.
   *
   * @param states T tensors of [B, H]
   * @param mask [B, T]: 1 for real steps; a sample without real steps attends to all steps equally
   * @param count number of steps to decode, T'
   * @returns T' tensors of [B, D]
   */
  forward(tape: Tape, states: readonly Tensor[], mask: ArrayLike<number>, count: number): Tensor[] {
    const last = states.at(-1);
    if (!last) return [];
    const [batch, hidden, steps] = [last.extent(0), last.extent(1), states.length];
    const memory = concat(
      tape,
      states.map((step) => reshape(tape, step, [batch, 1, hidden])),
      1,
    ); // [B, T, H]
    const padding = tape.constant(
      Float64Array.from({ length: batch * steps }, (_, i) => (mask[i] === 0 ? MASKED : 0)),
      [batch, 1, steps],
    );
    let state = last;
    return Array.from({ length: count }, () => {
      const query = reshape(tape, state, [batch, 1, hidden]);
      const scores = scale(tape, matmul(tape, query, memory, { transposeB: true }), 1 / Math.sqrt(hidden));
      const weights = softmax(tape, add(tape, scores, padding)); // [B, 1, T]
      const context = reshape(tape, matmul(tape, weights, memory), [batch, hidden]); // [B, H]
      state = this.unit.step(tape, context, state);
      return this.out.forward(tape, state); // [B, D]
    });
  }
}

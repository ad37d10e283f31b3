import { add, scale } from "../tensor/ops/elementwise.js";
import { matmul } from "../tensor/ops/matmul.js";
import { concat, reshape } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { RecurrentUnit } from "./recurrent.js";

/** Added to the score of padding: its weight is exactly 0. */
const NOT_SEEN = -1e9;

/**
 * From encoded states to a sequence of another modality: a recurrent unit whose input at each step is what
 * attention on the states gives (dot products with the unit's own state, divided by sqrt(H)). It starts from
 * the last state. Parameters: `<name>/unit/...`, `<name>/out/...`.
 */
export class AttentiveDecoder {
  private readonly unit: RecurrentUnit;
  private readonly out: Linear;

  /** @param outputs D of the sequence that is made */
  constructor(parameters: ParameterSet, name: string, hidden: number, outputs: number) {
    this.unit = new RecurrentUnit(parameters, `${name}/unit`, hidden, hidden);
    this.out = new Linear(parameters, `${name}/out`, hidden, outputs);
  }

  /**
   * @param states T of [B, H]
   * @param mask [B, T]: 1 for real steps; a sample without any attends to all alike
   * @param count T' steps to make
   * @returns T' of [B, D]
   */
  forward(tape: Tape, states: readonly Tensor[], mask: ArrayLike<number>, count: number): Tensor[] {
    const last = states.at(-1);
    if (!last) return [];
    const [batch, hidden, steps] = [last.extent(0), last.extent(1), states.length];
    const memory = concat(
      tape,
      states.map((one) => reshape(tape, one, [batch, 1, hidden])),
      1,
    ); // [B, T, H]
    const unseen = tape.constant(
      Float64Array.from({ length: batch * steps }, (_, i) => (mask[i] === 0 ? NOT_SEEN : 0)),
      [batch, 1, steps],
    );
    let state = last;
    return Array.from({ length: count }, () => {
      const query = reshape(tape, state, [batch, 1, hidden]);
      const scores = scale(tape, matmul(tape, query, memory, { transposeB: true }), 1 / Math.sqrt(hidden));
      const weights = softmax(tape, add(tape, scores, unseen)); // [B, 1, T]
      const read = reshape(tape, matmul(tape, weights, memory), [batch, hidden]); // [B, H]
      state = this.unit.step(tape, read, state);
      return this.out.forward(tape, state); // [B, D]
    });
  }
}

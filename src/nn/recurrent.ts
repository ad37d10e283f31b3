import { add, affine, mul } from "../tensor/ops/elementwise.js";
import { slice } from "../tensor/ops/shape-ops.js";
import { sigmoid, tanh } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * Gated recurrent unit (Cho et al. 2014, in the form of cuDNN and torch.nn.GRU).
 *
 * r and z = sigmoid(x W + b + h U + c), n = tanh(x W_n + b_n + r (h U_n + c_n)), h' = (1 - z) n + z h.
 * Parameters: `<name>/input/...` [D, 3H] and `<name>/state/...` [H, 3H], in the order r, z, n.
 */
export class RecurrentUnit {
  private readonly input: Linear;
  private readonly state: Linear;

  constructor(
    parameters: ParameterSet,
    name: string,
    inputs: number,
    readonly hidden: number,
  ) {
    this.input = new Linear(parameters, `${name}/input`, inputs, 3 * hidden);
    this.state = new Linear(parameters, `${name}/state`, hidden, 3 * hidden);
  }

  /**
   * Computes the next state.
   *
   * @param x [B, D]
   * @param h [B, H]
   * @returns [B, H]
   */
  step(tape: Tape, x: Tensor, h: Tensor): Tensor {
    const { hidden } = this;
    const [fromInput, fromState] = [this.input.forward(tape, x), this.state.forward(tape, h)]; // [B, 3H]
    const part = (x: Tensor, k: number): Tensor => slice(tape, x, 1, k * hidden, (k + 1) * hidden);
    const gate = (k: number): Tensor => sigmoid(tape, add(tape, part(fromInput, k), part(fromState, k)));
    const [reset, update] = [gate(0), gate(1)];
    const next = tanh(tape, add(tape, part(fromInput, 2), mul(tape, reset, part(fromState, 2))));
    return add(tape, mul(tape, affine(tape, update, -1, 1), next), mul(tape, update, h));
  }

  /**
   * Runs over a sequence, from a zero state. A padding step keeps the state.
   *
   * @param steps T tensors of [B, D]
   * @param mask [B, T]: 1 for real steps
   * @returns T tensors of [B, H]
   */
  run(tape: Tape, steps: readonly Tensor[], mask: ArrayLike<number>): Tensor[] {
    const batch = steps[0]?.extent(0) ?? 0;
    let h = tape.constant(new Float32Array(batch * this.hidden), [batch, this.hidden]);
    return steps.map((x, t) => {
      const real = Float64Array.from({ length: batch }, (_, b) => (mask[b * steps.length + t] === 0 ? 0 : 1));
      const moved = this.step(tape, x, h);
      h = real.every((flag) => flag === 1) ? moved : selectRows(tape, moved, h, real);
      return h;
    });
  }
}

/** Selects rows of `moved` if the flag is 1, of `kept` if it is 0. [B, H] */
function selectRows(tape: Tape, moved: Tensor, kept: Tensor, flags: Float64Array): Tensor {
  const [on, off] = [flags, flags.map((flag) => 1 - flag)];
  const column = (values: Float64Array): Tensor => tape.constant(values, [values.length, 1]);
  return add(tape, mul(tape, moved, column(on)), mul(tape, kept, column(off)));
}

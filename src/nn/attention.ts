import { attention } from "../tensor/ops/attention.js";
import { slice } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

/**
 * Multi-head self-attention (Vaswani et al. 2017). Parameters: `<name>/in` [H, 3H], the columns query | key |
 * value, and `<name>/out` [H, H].
 */
export class SelfAttention {
  private readonly into: Linear;
  private readonly out: Linear;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    private readonly width: number,
    private readonly heads: number,
    /** Of the attention weights. */
    private readonly dropout: number,
  ) {
    this.into = new Linear(parameters, `${name}/in`, width, 3 * width);
    this.out = new Linear(parameters, `${name}/out`, width, width);
  }

  /**
   * @param x [B, T, H]
   * @param keyMask [B, T]: 0 for steps that nobody may attend to
   * @returns [B, T, H]
   */
  forward(tape: Tape, x: Tensor, keyMask: ArrayLike<number>, draws: SampleDraws): Tensor {
    const projected = this.into.forward(tape, x); // [B, T, 3H]
    // [B, T, H]
    const part = (i: number): Tensor => slice(tape, projected, 2, i * this.width, (i + 1) * this.width);
    const onWeights = (weights: Tensor): Tensor => dropoutIn(tape, weights, this.dropout, this.name, draws);
    const mixed = attention(tape, part(0), part(1), part(2), { heads: this.heads, keyMask, onWeights });
    return this.out.forward(tape, mixed); // [B, T, H]
  }
}

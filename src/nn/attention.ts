import { packedSelfAttention } from "../tensor/ops/packed-attention.js";
import type { Packing } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutSource, type SampleDraws } from "./sample-draws.js";

/**
 * Multi-head self-attention (Vaswani et al. 2017).
 *
 * Parameters: `<name>/in` [H, 3H] with the columns query | key | value, and `<name>/out` [H, H].
 */
export class SelfAttention {
  private readonly into: Linear;
  private readonly out: Linear;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    width: number,
    private readonly heads: number,
    /** Dropout rate of the attention weights. */
    private readonly dropout: number,
  ) {
    this.into = new Linear(parameters, `${name}/in`, width, 3 * width);
    this.out = new Linear(parameters, `${name}/out`, width, width);
  }

  /**
   * Attends within each sample.
   *
   * @param x packed rows, [R, H]
   * @returns [R, H]
   */
  forward(tape: Tape, x: Tensor, packing: Packing, draws: SampleDraws): Tensor {
    const projected = this.into.forward(tape, x); // [R, 3H]
    const rate = draws.training ? this.dropout : 0;
    const mixed = packedSelfAttention(tape, projected, {
      packing,
      heads: this.heads,
      dropout: { rate, source: dropoutSource(this.name, draws) },
    });
    return this.out.forward(tape, mixed); // [R, H]
  }
}

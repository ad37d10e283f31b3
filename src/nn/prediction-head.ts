import { relu } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

export interface PredictionHeadOptions {
  readonly inputs: number;
  /** Widths of the hidden layers; empty for a single linear layer. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Use a layer norm before each ReLU. */
  readonly norm: boolean;
  /** Dropout rate on the input and after each ReLU. */
  readonly dropout: number;
}

interface HiddenLayer {
  readonly linear: Linear;
  readonly norm: LayerNorm | undefined;
}

/**
 * Maps the joint feature to the outputs: (linear, norm, ReLU, dropout) per hidden width, then linear.
 *
 * Parameters: `<name>/<i>/...`, `<name>/out/...`.
 */
export class PredictionHead {
  private readonly hidden: readonly HiddenLayer[];
  private readonly out: Linear;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    private readonly options: PredictionHeadOptions,
  ) {
    let width = options.inputs;
    this.hidden = options.hidden.map((next, i) => {
      const linear = new Linear(parameters, `${name}/${i}/linear`, width, next);
      width = next;
      return {
        linear,
        norm: options.norm ? new LayerNorm(parameters, `${name}/${i}/norm`, next) : undefined,
      };
    });
    this.out = new Linear(parameters, `${name}/out`, width, options.outputs);
  }

  /** Output bias, [outputs]. */
  get bias(): Parameter {
    return this.out.bias;
  }

  /**
   * @param joint [B, inputs]
   * @returns [B, outputs]
   */
  forward(tape: Tape, joint: Tensor, draws: SampleDraws): Tensor {
    let state = dropoutIn(tape, joint, this.options.dropout, `${this.name}/input`, draws);
    this.hidden.forEach(({ linear, norm }, i) => {
      const affine = linear.forward(tape, state); // [B, width]
      const active = relu(tape, norm ? norm.forward(tape, affine) : affine);
      state = dropoutIn(tape, active, this.options.dropout, `${this.name}/${i}`, draws);
    });
    return this.out.forward(tape, state); // [B, outputs]
  }
}

import { addLayerNorm, type AddLayerNorm, layerNorm } from "../tensor/ops/layer-norm.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * Layer normalisation over the last axis (Ba et al. 2016), epsilon 1e-5.
 *
 * Parameters: `<name>/gain` [D] and `<name>/bias` [D].
 */
export class LayerNorm {
  readonly gain: Parameter;
  readonly bias: Parameter;

  constructor(parameters: ParameterSet, name: string, width: number) {
    this.gain = parameters.create(`${name}/gain`, [width], {
      init: { kind: "constant", value: 1 },
      decays: false,
    });
    this.bias = parameters.create(`${name}/bias`, [width], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
  }

  /**
   * @param x [..., D]
   * @returns [..., D]
   */
  forward(tape: Tape, x: Tensor): Tensor {
    return layerNorm(tape, x, tape.parameter(this.gain), tape.parameter(this.bias));
  }

  /**
   * Computes x + change and its layer norm in one operation.
   *
   * @param x residual, [..., D]
   * @param change [..., D]
   */
  forwardSum(tape: Tape, x: Tensor, change: Tensor): AddLayerNorm {
    return addLayerNorm(tape, x, change, tape.parameter(this.gain), tape.parameter(this.bias));
  }
}

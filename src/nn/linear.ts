import { linear } from "../tensor/ops/linear.js";
import { linearActivation } from "../tensor/ops/linear-activation.js";
import type { Activation } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { Initialiser, ParameterSet } from "./parameter-set.js";

/** Uniform initialisation within 1 / sqrt(fanIn), as in torch.nn.Linear. The variance is 1 / (3 fanIn). */
export function linearInit(fanIn: number): Initialiser {
  return { kind: "fan-in", fanIn, gain: 1 / Math.sqrt(3) };
}

/**
 * Fully connected layer, y = x W + b.
 *
 * Parameters: `<name>/weight` [D, F] and `<name>/bias` [F]. The bias starts at zero.
 */
export class Linear {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(parameters: ParameterSet, name: string, inputs: number, outputs: number) {
    this.weight = parameters.create(`${name}/weight`, [inputs, outputs], { init: linearInit(inputs) });
    this.bias = parameters.create(`${name}/bias`, [outputs], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
  }

  /**
   * @param x [..., D]
   * @returns [..., F]
   */
  forward(tape: Tape, x: Tensor): Tensor {
    return linear(tape, x, tape.parameter(this.weight), tape.parameter(this.bias)); // [..., F]
  }

  /**
   * Computes op(x W + b).
   *
   * @param x [..., D]
   * @returns [..., F]
   */
  forwardActivation(tape: Tape, x: Tensor, op: Activation): Tensor {
    return linearActivation(tape, x, tape.parameter(this.weight), tape.parameter(this.bias), op); // [..., F]
  }
}

import { packedConv1d } from "../tensor/ops/conv1d.js";
import type { Packing } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * Convolution over time without bias: stride 1, zeros beyond both ends.
 *
 * Parameter: `<name>/weight` [K * D, F], taps in order of time.
 */
export class Conv1d {
  readonly weight: Parameter;

  constructor(
    parameters: ParameterSet,
    name: string,
    inputs: number,
    outputs: number,
    private readonly kernel: number,
  ) {
    this.weight = parameters.create(`${name}/weight`, [kernel * inputs, outputs], {
      init: linearInit(kernel * inputs),
    });
  }

  /**
   * @param x [R, D], packed rows
   * @returns [R, F]
   */
  forward(tape: Tape, x: Tensor, packing: Packing): Tensor {
    return packedConv1d(tape, x, tape.parameter(this.weight), this.kernel, packing); // [R, F]
  }
}

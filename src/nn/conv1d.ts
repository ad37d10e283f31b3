import { conv1d } from "../tensor/ops/conv1d.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * Convolution over time without bias, stride 1, zeros beyond both ends. Parameter: `<name>/weight` [K * D,
 * F], taps in order of time.
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

  /** @param x [B, T, D] @returns [B, T, F] */
  forward(tape: Tape, x: Tensor): Tensor {
    return conv1d(tape, x, tape.parameter(this.weight), undefined, { kernel: this.kernel }); // [B, T, F]
  }
}

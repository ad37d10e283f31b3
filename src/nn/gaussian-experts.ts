import type { Parameter } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * N Gaussian experts (Eqs. 1-2). Each has its own fully connected layers for mu and log sigma^2.
 *
 * Parameters: `<name>/weight` [N, D, 2H] and `<name>/bias` [N, 2H], with the columns mu | log-variance. The
 * optimiser updates each expert separately.
 *
 * With `plain`, all log-variances start at 0, for models in which another layer makes the variances.
 */
export class GaussianExperts {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    parameters: ParameterSet,
    name: string,
    inputs: number,
    hidden: number,
    experts: number,
    plain = false,
  ) {
    this.weight = parameters.create(`${name}/weight`, [experts, inputs, 2 * hidden], {
      init: linearInit(inputs),
      groups: experts,
    });
    if (plain) {
      const { view } = this.weight.buffer;
      for (let row = 0; row < experts * inputs; row++)
        view.fill(0, (2 * row + 1) * hidden, (2 * row + 2) * hidden);
    }
    this.bias = parameters.create(`${name}/bias`, [experts, 2 * hidden], {
      init: { kind: "constant", value: 0 },
      groups: experts,
      decays: false,
    });
  }
}

import type { Parameter } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * N Gaussian experts (Eqs. 1-2). Each has its own fully connected layers for mu and log sigma^2.
 *
 * Parameters: `<name>/weight` [N, D, 2H] and `<name>/bias` [N, 2H], with the columns mu | log-variance. The
 * optimiser updates each expert separately.
 */
export class GaussianExperts {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(parameters: ParameterSet, name: string, inputs: number, hidden: number, experts: number) {
    this.weight = parameters.create(`${name}/weight`, [experts, inputs, 2 * hidden], {
      init: linearInit(inputs),
      groups: experts,
    });
    this.bias = parameters.create(`${name}/bias`, [experts, 2 * hidden], {
      init: { kind: "constant", value: 0 },
      groups: experts,
      decays: false,
    });
  }
}

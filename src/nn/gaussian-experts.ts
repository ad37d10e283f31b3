import type { Parameter } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * N Gaussian experts (Eqs. 1-2): one fully connected layer each for mu and for log sigma^2, weights not
 * shared, stored side by side.
 * Parameters: `<name>/weight` [N, D, 2H] and `<name>/bias` [N, 2H], columns mu | log-variance. The optimiser
 * steps each expert by itself.
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

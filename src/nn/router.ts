import type { Parameter } from "../tensor/tensor.js";
import { linearInit } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/**
 * Linear layer of the gate (Eq. 5), applied inside the expert mixture.
 *
 * Parameters: `<name>/weight` [D, N], `<name>/bias` [N].
 */
export class Router {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(parameters: ParameterSet, name: string, inputs: number, experts: number) {
    this.weight = parameters.create(`${name}/weight`, [inputs, experts], { init: linearInit(inputs) });
    this.bias = parameters.create(`${name}/bias`, [experts], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
  }
}

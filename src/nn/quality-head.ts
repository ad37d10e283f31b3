import { linear } from "../tensor/ops/linear.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ExpertShifts } from "./expert-layer.js";
import { forEveryExpert } from "./expert-shifts.js";
import type { ParameterSet } from "./parameter-set.js";

export interface QualityHeadOptions {
  /** Number of measures, Q. */
  readonly measures: number;
  /** Number of experts, N. */
  readonly experts: number;
  /** Add the measures to the router's logits, too. */
  readonly gated: boolean;
}

/**
 * Maps the measured quality of one modality to shifts of the log-variances and of the router's logits. Both
 * are linear maps that start at zero. The shift of the log-variances is the same for all experts. Otherwise
 * the gate could cancel it by selecting experts that are certain of bad inputs.
 *
 * Parameters: `<name>/variance/weight` [Q, 1] and `<name>/gate/weight` [Q, N].
 */
export class QualityHead {
  private readonly varianceWeight: Parameter;
  private readonly gateWeight: Parameter | undefined;

  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly options: QualityHeadOptions,
  ) {
    const { measures, experts, gated } = options;
    const zeros = (place: string, outputs: number): Parameter =>
      parameters.create(`${name}/${place}/weight`, [measures, outputs], {
        init: { kind: "constant", value: 0 },
      });
    this.varianceWeight = zeros("variance", 1);
    this.gateWeight = gated ? zeros("gate", experts) : undefined;
  }

  /**
   * Computes the shifts.
   *
   * @param quality [B, Q], a constant
   * @returns [B, N] each
   */
  forward(tape: Tape, quality: Tensor): ExpertShifts {
    const { experts } = this.options;
    const shift = linear(tape, quality, tape.parameter(this.varianceWeight)); // [B, 1]
    return {
      logVarShift: forEveryExpert(tape, shift, experts), // [B, N]
      gateShift: this.gateWeight && linear(tape, quality, tape.parameter(this.gateWeight)), // [B, N]
    };
  }
}

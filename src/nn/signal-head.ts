import { scale } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import { relu, square } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ExpertShifts } from "./expert-layer.js";
import { forEveryExpert } from "./expert-shifts.js";
import { InputStatistics, STATISTICS_WIDTH } from "./input-statistics.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

/**
 * Scale of the anomaly score. Squared weights are small and grow slowly, but the score must outweigh the
 * experts' own variances.
 */
export const STRANGENESS_UNIT = 10;

export interface SignalHeadOptions {
  /** Number of units of the hidden layer. */
  readonly hidden: number;
  /** Number of experts, N. */
  readonly experts: number;
  /** Add the statistics to the router's logits, too. */
  readonly gated: boolean;
  /**
   * Dropout rate of the statistics in training, so that the head does not depend on a few of them. An unseen
   * corruption may change any statistic.
   */
  readonly dropout: number;
}

export interface Signals extends ExpertShifts {
  /** Input anomaly score, at least 0, added to every log-variance. [B, 1] */
  readonly anomaly: Tensor;
}

/**
 * Maps the statistics of one modality's input ({@link InputStatistics}) to an anomaly score and to shifts of
 * the router's logits.
 *
 * The score comes from a hidden layer with ReLU. The weights of both layers are squared, so that a more
 * unusual input can only raise the variance, even far from the training data. The score is the same for all
 * experts. Otherwise the gate could cancel it by selecting experts that are certain of unusual inputs.
 *
 * The shift of the router's logits is a linear map of the same statistics, with weights of either sign.
 * Training learns which expert fits which input.
 *
 * Parameters: `<name>/in/...`, `<name>/out/weight`, `<name>/gate/weight`, and constants `<name>/fitted/...`
 * that are fitted once to the training data.
 */
export class SignalHead {
  private readonly statistics: InputStatistics;
  private readonly inWeight: Parameter;
  private readonly inBias: Parameter;
  private readonly outWeight: Parameter;
  private readonly gateWeight: Parameter | undefined;

  /** @param width number of features of the modality, D */
  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    width: number,
    private readonly options: SignalHeadOptions,
  ) {
    const { hidden, experts, gated } = options;
    const inputs = STATISTICS_WIDTH;
    this.statistics = new InputStatistics(parameters, name, width);
    this.inWeight = parameters.create(`${name}/in/weight`, [inputs, hidden], {
      init: { kind: "fan-in", fanIn: inputs, gain: 0.7 },
    });
    this.inBias = parameters.create(`${name}/in/bias`, [hidden], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
    this.outWeight = parameters.create(`${name}/out/weight`, [hidden, 1], {
      init: { kind: "fan-in", fanIn: hidden, gain: 0.5 },
    });
    this.gateWeight = gated
      ? parameters.create(`${name}/gate/weight`, [inputs, experts], {
          init: { kind: "fan-in", fanIn: inputs, gain: 1 },
        })
      : undefined;
  }

  /**
   * Fits the statistics to the training data.
   *
   * @param rows [N, D], N at least 1
   */
  fit(rows: Float32Array): void {
    this.statistics.fit(rows);
  }

  /**
   * Computes the signed distances of the statistics, see {@link InputStatistics.deviations}.
   *
   * @param rows [N, D]
   */
  deviations(rows: ArrayLike<number>): Float64Array[] {
    return this.statistics.deviations(rows);
  }

  /**
   * Computes the anomaly score and the shifts.
   *
   * @param x [B, D]: a constant, without gradient
   * @param present [B]
   * @returns shifts of the log-variances, at least 0, and of the router's logits if `gated`; [B, N] each
   */
  forward(tape: Tape, x: Tensor, present: ArrayLike<number>, draws: SampleDraws): Signals {
    const features = this.statistics.forward(tape, x, present); // [B, STATISTICS_WIDTH]
    const dropped = dropoutIn(tape, features, this.options.dropout, this.name, draws);
    const hidden = relu(
      tape,
      linear(tape, dropped, square(tape, tape.parameter(this.inWeight)), tape.parameter(this.inBias)),
    ); // [B, hidden]
    const anomaly = scale(
      tape,
      linear(tape, hidden, square(tape, tape.parameter(this.outWeight))),
      STRANGENESS_UNIT,
    ); // [B, 1]
    return {
      anomaly,
      logVarShift: forEveryExpert(tape, anomaly, this.options.experts), // [B, N]
      gateShift: this.gateWeight && linear(tape, features, tape.parameter(this.gateWeight)), // [B, N]
    };
  }
}

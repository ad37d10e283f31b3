import { scale } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import { relu, square } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ExpertShifts } from "./expert-layer.js";
import { InputStatistics, STATISTICS_WIDTH } from "./input-statistics.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

/**
 * Unit of the strangeness: weights that are squared are small and grow slowly, and what they say must
 * outweigh the experts' own variances.
 */
export const STRANGENESS_UNIT = 10;

export interface SignalHeadOptions {
  /** Units of the hidden layer. */
  readonly hidden: number;
  /** N */
  readonly experts: number;
  /** Whether the gate sees the statistics too. */
  readonly gated: boolean;
  /**
   * Dropout on the statistics in training, so that each of them counts by itself: which one gives away a
   * damage that training has not met cannot be known.
   */
  readonly dropout: number;
}

export interface Signals extends ExpertShifts {
  /** [B, 1], at least 0: how strange an input is; what is added to every log-variance. */
  readonly strangeness: Tensor;
}

/**
 * From the statistics of one modality's input ({@link InputStatistics}) to what they add to the log-variances
 * and to the router's logits: a hidden layer with ReLU. The weights of both layers are squares, so that
 * whatever is stranger can only raise the variance, also where training has seen nothing like it. The result,
 * the strangeness, is the same for all experts: otherwise the gate could undo it, by preferring experts that
 * are certain of what is strange. What the statistics add to the router's logits, if anything, is a linear
 * map of the same numbers, of either sign: which expert is the right one for an input of this kind is for
 * training to say.
 *
 * Parameters: `<name>/in/...`, `<name>/out/weight`, `<name>/gate/weight`, and constants `<name>/fitted/...`
 * that are set once, from the training data.
 */
export class SignalHead {
  private readonly statistics: InputStatistics;
  private readonly inWeight: Parameter;
  private readonly inBias: Parameter;
  private readonly outWeight: Parameter;
  private readonly gateWeight: Parameter | undefined;

  /** @param width D of the modality */
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

  /** Fits the statistics to the training data. @param rows [N, D], N at least 1 */
  fit(rows: Float32Array): void {
    this.statistics.fit(rows);
  }

  /** @returns as `InputStatistics.deviations` does. @param rows [N, D] */
  deviations(rows: ArrayLike<number>): Float64Array[] {
    return this.statistics.deviations(rows);
  }

  /**
   * @param x [B, D]: a constant, nothing flows back into it
   * @param present [B]
   * @returns [B, N] each: what to add to the log-variances, at least 0, and to the router's logits, if the
   * gate sees the statistics
   */
  forward(tape: Tape, x: Tensor, present: ArrayLike<number>, draws: SampleDraws): Signals {
    const features = this.statistics.forward(tape, x, present); // [B, STATISTICS_WIDTH]
    const seen = dropoutIn(tape, features, this.options.dropout, this.name, draws);
    const hidden = relu(
      tape,
      linear(tape, seen, square(tape, tape.parameter(this.inWeight)), tape.parameter(this.inBias)),
    ); // [B, hidden]
    const strangeness = scale(
      tape,
      linear(tape, hidden, square(tape, tape.parameter(this.outWeight))),
      STRANGENESS_UNIT,
    ); // [B, 1]
    const everyExpert = tape.constant(new Float32Array(this.options.experts).fill(1), [
      1,
      this.options.experts,
    ]);
    return {
      strangeness,
      logVarShift: linear(tape, strangeness, everyExpert), // [B, N]
      gateShift: this.gateWeight && linear(tape, features, tape.parameter(this.gateWeight)), // [B, N]
    };
  }
}

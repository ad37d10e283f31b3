import { ShapeError } from "../core/errors.js";
import { log, sqrt } from "../core/math.js";
import { scale } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import { relu, square } from "../tensor/ops/unary.js";
import type { Backend, FloatArray } from "../tensor/backend.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { formatShape } from "../tensor/tensor.js";
import type { ExpertShifts } from "./expert-layer.js";
import type { ParameterSet } from "./parameter-set.js";
import { directionCount, principalDirections } from "./principal-directions.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";
import { signalStatistics, statisticsOf } from "./signal-statistics.js";

/** Deviations (robust ones) from the training data's median beyond which a statistic is no stranger. */
export const LARGEST_DEVIATION = 1000;

/** 1 / the median absolute deviation of a standard normal variable. */
const MAD_TO_DEVIATION = 1.4826;

/** Above and below for each statistic, and the largest of them. */
const FEATURES = 2 * signalStatistics.length + 1;

/** Rows that are looked at when the statistics are fitted: evenly spread over what there is. */
const FITTED_ROWS = 4096;

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
 * From the signal statistics of one modality to what they add to the log-variances and to the router's
 * logits. A statistic s counts by how far it lies above or below the training data's median m: log(1 + max(0,
 * (s - m) / u)) and log(1 + max(0, (m - s) / u)), u its median absolute deviation; the largest of all these
 * counts once more, by itself. Then a hidden layer with ReLU; the weights of both layers are squares, so that
 * whatever is stranger can only raise the variance, also where training has seen nothing like it. The result,
 * the strangeness, is the same for all experts: otherwise the gate could undo it, by preferring experts that
 * are certain of what is strange. What the statistics add to the router's logits, if anything, is a linear
 * map of the same logarithms, of either sign: which expert is the right one for an input of this kind is for
 * training to say.
 *
 * Parameters: `<name>/in/...`, `<name>/out/weight`, `<name>/gate/weight`, and constants `<name>/fitted/...`
 * that are set once, from the training data.
 */
export class SignalHead {
  private readonly backend: Backend;
  private readonly mean: Parameter;
  private readonly deviation: Parameter;
  private readonly basis: Parameter;
  private readonly variance: Parameter;
  private readonly median: Parameter;
  private readonly unit: Parameter;
  private readonly inWeight: Parameter;
  private readonly inBias: Parameter;
  private readonly outWeight: Parameter;
  private readonly gateWeight: Parameter | undefined;

  /** @param width D of the modality */
  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    private readonly width: number,
    private readonly options: SignalHeadOptions,
  ) {
    const { hidden, experts, gated } = options;
    this.backend = parameters.backend;
    const constant = (part: string, shape: readonly number[], value: number): Parameter =>
      parameters.create(`${name}/fitted/${part}`, shape, {
        init: { kind: "constant", value },
        decays: false,
      });
    const [inputs, directions] = [FEATURES, directionCount(width)];
    this.mean = constant("mean", [width], 0);
    this.deviation = constant("deviation", [width], 1);
    this.basis = constant("basis", [width, directions], 0);
    this.variance = constant("variance", [directions], 1);
    this.median = constant("median", [signalStatistics.length], 0);
    this.unit = constant("unit", [signalStatistics.length], 1);
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

  /** Learns from the training data what is ordinary. @param rows [N, D], N at least 1 */
  fit(rows: Float32Array): void {
    const { width } = this;
    const some = evenly(rows, width);
    const { mean, deviation } = momentsOf(some, width);
    this.mean.buffer.view.set(mean);
    this.deviation.buffer.view.set(deviation);
    const standard = Float64Array.from(
      some,
      (value, i) => (value - (mean[i % width] ?? NaN)) / (deviation[i % width] ?? NaN),
    );
    const directions = principalDirections(standard, width);
    this.basis.buffer.view.set(directions.basis);
    this.variance.buffer.view.set(directions.variance);
    const all = this.statistics(some);
    signalStatistics.forEach((_, s) => {
      const median = medianOf(all.map((row) => row[s] ?? NaN));
      const unit = MAD_TO_DEVIATION * medianOf(all.map((row) => Math.abs((row[s] ?? NaN) - median)));
      this.median.buffer.view[s] = median;
      this.unit.buffer.view[s] = unit > 1e-6 ? unit : 1;
    });
    this.backend.endStep();
  }

  /**
   * @param x [B, D]: a constant, nothing flows back into it
   * @param present [B]
   * @returns [B, N] each: what to add to the log-variances, at least 0, and to the router's logits, if the
   * gate sees the statistics
   */
  forward(tape: Tape, x: Tensor, present: ArrayLike<number>, draws: SampleDraws): Signals {
    if (x.shape.length !== 2 || x.extent(1) !== this.width)
      throw new ShapeError(`signal head: x must be [B, ${this.width}], got ${formatShape(x.shape)}`);
    const features = tape.constant(this.features(x, present), [x.extent(0), FEATURES]);
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

  /** [B, 2S + 1]; zero rows where the sample is absent. */
  private features(x: Tensor, present: ArrayLike<number>): Float64Array {
    const count = signalStatistics.length;
    const statistics = this.statistics(x.buffer.view.slice(0, x.size));
    const [medians, units] = [this.median.buffer.view, this.unit.buffer.view];
    const out = new Float64Array(FEATURES * statistics.length);
    statistics.forEach((values, b) => {
      if (present[b] === 0) return;
      values.forEach((value, s) => {
        const deviations = (value - (medians[s] ?? NaN)) / (units[s] ?? NaN);
        const far = log(1 + Math.min(Math.abs(deviations), LARGEST_DEVIATION));
        const [own, strangest] = [b * FEATURES + (deviations < 0 ? count : 0) + s, b * FEATURES + 2 * count];
        out[own] = far;
        out[strangest] = Math.max(out[strangest] ?? NaN, far);
      });
    });
    return out;
  }

  /** Of each row. @param rows [N, D] */
  private statistics(rows: ArrayLike<number>): Float64Array[] {
    const { width, backend } = this;
    const [count, directions] = [rows.length / width, this.variance.size];
    const [z, along, explained] = [
      backend.scratch(rows.length),
      backend.scratch(count * directions),
      backend.scratch(rows.length),
    ];
    standardise(rows, z.view, this.mean.buffer.view, this.deviation.buffer.view);
    backend.gemm(z, this.basis.buffer, along, { m: count, n: directions, k: width });
    backend.gemm(along, this.basis.buffer, explained, {
      m: count,
      n: width,
      k: directions,
      transposeB: true,
    });
    const [standard, parts, inside, variance] = [
      z.view,
      along.view,
      explained.view,
      this.variance.buffer.view,
    ];
    return Array.from({ length: count }, (_, n) => {
      const [from, to] = [n * width, (n + 1) * width];
      return statisticsOf(
        {
          z: standard.subarray(from, to),
          along: parts.subarray(n * directions, (n + 1) * directions),
          explained: inside.subarray(from, to),
        },
        variance,
      );
    });
  }
}

function standardise(
  rows: ArrayLike<number>,
  into: FloatArray,
  mean: FloatArray,
  deviation: FloatArray,
): void {
  const width = mean.length;
  for (let at = 0; at < rows.length; at += width) {
    for (let d = 0; d < width; d++)
      into[at + d] = ((rows[at + d] ?? NaN) - (mean[d] ?? NaN)) / (deviation[d] ?? NaN);
  }
}

function evenly(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  if (count <= FITTED_ROWS) return rows;
  const out = new Float32Array(FITTED_ROWS * width);
  for (let n = 0; n < FITTED_ROWS; n++) {
    const from = Math.floor((n * count) / FITTED_ROWS);
    out.set(rows.subarray(from * width, (from + 1) * width), n * width);
  }
  return out;
}

function momentsOf(
  rows: Float32Array,
  width: number,
): { readonly mean: Float64Array; readonly deviation: Float64Array } {
  const count = Math.max(1, rows.length / width);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  rows.forEach((value, i) => {
    mean[i % width] = (mean[i % width] ?? NaN) + value / count;
  });
  rows.forEach((value, i) => {
    squares[i % width] = (squares[i % width] ?? NaN) + (value - (mean[i % width] ?? NaN)) ** 2 / count;
  });
  return { mean, deviation: squares.map((one) => (one > 1e-12 ? sqrt(one) : 1)) };
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

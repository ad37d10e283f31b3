import { defined } from "../core/defined.js";
import { median } from "../core/averages.js";
import { ShapeError } from "../core/errors.js";
import { exp, log, sqrt } from "../core/math.js";
import type { Backend, FloatArray } from "../tensor/backend.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { formatShape } from "../tensor/tensor.js";
import type { ParameterSet } from "./parameter-set.js";
import { directionCount, principalDirections } from "./principal-directions.js";
import { signalStatistics, statisticsOf } from "./signal-statistics.js";

/** Upper limit of robust z-scores. Larger ones are clipped to it. */
export const LARGEST_DEVIATION = 1000;

/** Number of features per input: each statistic above and below its median, and the largest of all. */
export const STATISTICS_WIDTH = 2 * signalStatistics.length + 1;

/** 1 / the median absolute deviation of a standard normal variable. */
const MAD_TO_DEVIATION = 1.4826;

/** Number of rows for fitting the constants, spread evenly over the training split. */
const FITTED_ROWS = 4096;

/**
 * Signal statistics of one modality, as robust z-scores of the training data.
 *
 * A statistic s with median m and scaled median absolute deviation u gives two features: log(1 + max(0, (s -
 * m) / u)) and log(1 + max(0, (m - s) / u)). The largest of all features is added once more. Nothing here is
 * trained: {@link fit} sets the constants `<name>/fitted/...` once.
 */
export class InputStatistics {
  private readonly backend: Backend;
  private readonly mean: Parameter;
  private readonly deviation: Parameter;
  private readonly basis: Parameter;
  private readonly variance: Parameter;
  private readonly median: Parameter;
  private readonly unit: Parameter;

  /** @param width number of features of the modality, D */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly width: number,
  ) {
    this.backend = parameters.backend;
    const constant = (part: string, shape: readonly number[], value: number): Parameter =>
      parameters.create(`${name}/fitted/${part}`, shape, {
        init: { kind: "constant", value },
        decays: false,
      });
    const directions = directionCount(width);
    this.mean = constant("mean", [width], 0);
    this.deviation = constant("deviation", [width], 1);
    this.basis = constant("basis", [width, directions], 0);
    this.variance = constant("variance", [directions], 1);
    this.median = constant("median", [signalStatistics.length], 0);
    this.unit = constant("unit", [signalStatistics.length], 1);
  }

  /**
   * Fits the constants to the training data.
   *
   * @param rows [N, D], N at least 1
   */
  fit(rows: Float32Array): void {
    const { width } = this;
    const subset = evenly(rows, width);
    const { mean, deviation } = momentsOf(subset, width);
    this.mean.buffer.view.set(mean);
    this.deviation.buffer.view.set(deviation);
    const standard = Float64Array.from(
      subset,
      (value, i) => (value - defined(mean[i % width])) / defined(deviation[i % width]),
    );
    const directions = principalDirections(standard, width);
    this.basis.buffer.view.set(directions.basis);
    this.variance.buffer.view.set(directions.variance);
    const all = this.statistics(subset);
    signalStatistics.forEach((_, s) => {
      const centre = median(all.map((row) => defined(row[s])));
      const unit = MAD_TO_DEVIATION * median(all.map((row) => Math.abs(defined(row[s]) - centre)));
      this.median.buffer.view[s] = centre;
      this.unit.buffer.view[s] = unit > 1e-6 ? unit : 1;
    });
    this.backend.endStep();
  }

  /**
   * Computes the statistics of a batch. They are constants: no gradient flows into `x`.
   *
   * @param x [B, D]
   * @param present [B]
   * @returns [B, {@link STATISTICS_WIDTH}]; zero rows for absent samples
   * @throws ShapeError if `x` has another width
   */
  forward(tape: Tape, x: Tensor, present: ArrayLike<number>): Tensor {
    if (x.shape.length !== 2 || x.extent(1) !== this.width)
      throw new ShapeError(`input statistics: x must be [B, ${this.width}], got ${formatShape(x.shape)}`);
    return tape.constant(this.features(x, present), [x.extent(0), STATISTICS_WIDTH]);
  }

  /**
   * Computes the signed distance of each statistic from the training median, in robust deviations.
   *
   * @param rows [N, D]
   * @returns N arrays of [S], in the order of `signalStatistics`
   */
  deviations(rows: ArrayLike<number>): Float64Array[] {
    const statistics = this.statistics(rows);
    // Take the views only now: the memory may have grown.
    const [medians, units] = [this.median.buffer.view, this.unit.buffer.view];
    return statistics.map((values) =>
      values.map((value, s) => (value - defined(medians[s])) / defined(units[s])),
    );
  }

  private features(x: Tensor, present: ArrayLike<number>): Float64Array {
    const count = signalStatistics.length;
    const all = this.deviations(x.buffer.view.slice(0, x.size));
    const out = new Float64Array(STATISTICS_WIDTH * all.length);
    all.forEach((values, b) => {
      if (present[b] === 0) return;
      const [first, largest] = [b * STATISTICS_WIDTH, b * STATISTICS_WIDTH + 2 * count];
      values.forEach((deviations, s) => {
        const far = log(1 + Math.min(Math.abs(deviations), LARGEST_DEVIATION));
        out[first + (deviations < 0 ? count : 0) + s] = far;
        out[largest] = Math.max(defined(out[largest]), far);
      });
    });
    return out;
  }

  /**
   * Computes the statistics of each row.
   *
   * @param rows [N, D]
   */
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

/**
 * Returns the largest robust z-score of each input: an uncertainty that needs no training.
 *
 * @param statistics [B, {@link STATISTICS_WIDTH}]
 * @param present [B]
 * @returns [B], in [0, {@link LARGEST_DEVIATION}]; NaN for absent samples
 */
export function largestZScores(statistics: Tensor, present: ArrayLike<number>): Float32Array {
  const { view } = statistics.buffer;
  return Float32Array.from(present, (flag, b) =>
    flag === 0 ? NaN : exp(defined(view[(b + 1) * STATISTICS_WIDTH - 1])) - 1,
  );
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
      into[at + d] = (defined(rows[at + d]) - defined(mean[d])) / defined(deviation[d]);
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
    mean[i % width] = defined(mean[i % width]) + value / count;
  });
  rows.forEach((value, i) => {
    squares[i % width] = defined(squares[i % width]) + (value - defined(mean[i % width])) ** 2 / count;
  });
  return { mean, deviation: squares.map((variance) => (variance > 1e-12 ? sqrt(variance) : 1)) };
}

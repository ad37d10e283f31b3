import { classSet, conformalQuantile } from "../metrics/conformal.js";
import type { Calibration } from "../runs/stored-calibration.js";

/** Interval that contains the label with a given probability. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Computes intervals and sets of classes at one nominal coverage. */
export class Intervals {
  /** Quantile of each target. */
  private readonly quantiles: readonly { readonly q: number; readonly floor: number }[];
  private readonly threshold: number;

  constructor(
    readonly calibration: Calibration,
    /** Nominal coverage, in (0, 1). */
    readonly level: number,
  ) {
    const { outputs } = calibration;
    this.quantiles =
      outputs.kind === "regression"
        ? outputs.targets.map(({ scores, floor }) => ({ q: conformalQuantile(scores, level), floor }))
        : [];
    this.threshold = outputs.kind === "classification" ? conformalQuantile(outputs.scores, level) : Infinity;
  }

  /**
   * Returns the interval of one target; null if the validation split is too small for this coverage.
   * @param spread 0 for a model without spread
   */
  around(prediction: number, spread: number, target: number): Interval | null {
    const { q, floor } = this.quantiles[target] ?? { q: Infinity, floor: 1 };
    const half = q * (spread + floor);
    return Number.isFinite(half) ? { low: prediction - half, high: prediction + half } : null;
  }

  /**
   * Returns the indices of the classes in the set of one sample; all classes if the validation split is too
   * small.
   * @param probabilities [C], at the calibrated temperature
   */
  classes(probabilities: readonly number[]): number[] {
    return classSet(probabilities, this.threshold);
  }

  /** True if `around` needs spreads. Sets of classes do not. */
  get usesSpread(): boolean {
    return this.calibration.outputs.kind === "regression";
  }

  get temperature(): number {
    return this.calibration.outputs.kind === "classification" ? this.calibration.outputs.temperature : 1;
  }
}

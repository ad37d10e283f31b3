import type { RandomKey } from "../core/random.js";

/** Features of one modality of one sample, with the statistics of the training data. */
export interface SampleSteps {
  /** Real time steps of the sample, at least one, each with D features. Changed in place. */
  readonly steps: readonly Float32Array[];
  /** [D], mean of each feature, a value without information. */
  readonly mean: Float64Array;
  /** [D], standard deviation of each feature. */
  readonly std: Float64Array;
  /**
   * The same steps of another sample; the means for steps that it does not have. Only for kinds with
   * `needsOther`. Must not be changed.
   */
  readonly others?: readonly Float32Array[];
}

/** Random keys of one sample. */
export interface SampleKeys {
  readonly sample: RandomKey;
  /** Returns the key of a real time step, counted from 0. */
  readonly step: (t: number) => RandomKey;
}

/**
 * A kind of corruption of features. Copies for training, the embedded data set, evaluation, protocols and
 * `euar corrupt` use the same kinds.
 */
export interface FeatureKind {
  /** Effect and meaning of the amount, for help texts. Without a full stop. */
  readonly help: string;
  readonly unit: string;
  /** Largest amount. The smallest is 0, which does nothing. */
  readonly most: number;
  /** Amount at a severity in [0, 1], for corrupted copies and generated data. */
  readonly amountAt: (severity: number) => number;
  /** True for a kind that mixes in another sample. */
  readonly needsOther?: true;
  /**
   * Corrupts one sample in place.
   * @param amount larger than 0, at most `most`
   * @returns severity: standard deviations, the degree of the change, or the fraction of lost features
   */
  readonly corrupt: (sample: SampleSteps, amount: number, keys: SampleKeys) => number;
}

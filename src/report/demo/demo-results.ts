import type { SeverityPoint } from "../../metrics/severity-bins.js";
import type { Interval } from "../../predict/intervals.js";
import type { EpochRecord, Metrics, SelectiveSummary } from "../../runs/results.js";

/** One trained model of the demo. */
export interface DemoModel {
  /** Name in tables: "EUAR aware", "EUAR paper", "linear", "linear, same aids". */
  readonly label: string;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly parameters: number;
  readonly valid: Metrics;
  /** Test split as it comes, damaged samples included. */
  readonly test: Metrics;
  /** The same clips without damage, where the data have them. */
  readonly whole: Metrics | null;
  readonly hash: string;
  readonly seconds: number;
}

/** Test metrics of every model at one level of noise. */
export interface NoiseLevel {
  /** Standard deviation of the noise, in deviations of the training features. */
  readonly deviation: number;
  /** By model label. */
  readonly results: Readonly<Record<string, Metrics>>;
}

/** Rising noise on some inputs of the test split. */
export interface NoiseCurve {
  /** "every input", or the modality that is hit. */
  readonly where: string;
  readonly levels: readonly NoiseLevel[];
}

/** Predicted uncertainty of one model beside the damage that was really done. */
export interface DemoUncertainty {
  readonly model: string;
  /** Spearman correlation with the true severity, mean over modalities; null if undefined. */
  readonly follows: number | null;
  /** Largest value that `follows` could have: all undamaged inputs have severity 0. */
  readonly ceiling: number | null;
  /** The same correlation over the samples of one kind and the undamaged ones, by kind. */
  readonly byKind: Readonly<Record<string, number | null>>;
  /** Damaged inputs; the uncertainty is the percentile among all inputs of its modality, 0 to 100. */
  readonly points: readonly SeverityPoint[];
  /** Mean percentile of the undamaged inputs. */
  readonly wholeMean: number | null;
  /** The inputs with the largest uncertainty relative to their modality's median, and how many were damaged. */
  readonly mostDoubted: { readonly inputs: number; readonly damaged: number };
  /** Share of all inputs that were damaged, in [0, 1]: what chance would find. */
  readonly damagedShare: number;
  readonly selective: SelectiveSummary | undefined;
}

/** One input of the clip that a model doubts most. */
export interface DoubtedInput {
  readonly modality: string;
  /** What was really done to it; "clean" for nothing. */
  readonly kind: string;
  readonly severity: number;
  /** Share of validation samples with a lower uncertainty, in [0, 1]; null where unknown. */
  readonly percentile: number | null;
  /** Uncertainty over the median of the validation split. */
  readonly ratio: number;
  /** Share of the prediction, in [0, 1]. */
  readonly contribution: number | null;
}

/** The clip with the input that a model doubts most. */
export interface DoubtedClip {
  readonly model: string;
  readonly id: string;
  readonly label: number;
  readonly prediction: number;
  readonly interval: Interval | null;
  /** The input that is doubted most. */
  readonly modality: string;
  /** What `euar predict` says about the clip. */
  readonly verdict: string;
  readonly inputs: readonly DoubtedInput[];
  /**
   * Statistics of the doubted input, the farthest from the training median first, in robust deviations; empty
   * for a model that does not look at them.
   */
  readonly statistics: readonly { readonly name: string; readonly deviations: number }[];
  /** Standardised features of the doubted input, and of an undamaged one of usual uncertainty. */
  readonly features: readonly number[];
  readonly usual: readonly number[];
}

export interface DemoResults {
  readonly version: string;
  readonly seed: number;
  readonly dataset: {
    readonly name: string;
    readonly sizes: Readonly<Record<string, number>>;
    readonly modalities: readonly { name: string; width: number }[];
  };
  /** The preset aware, the paper's preset, the linear row, and that with the aids of aware; in this order. */
  readonly models: readonly DemoModel[];
  /** Whether the noise is added to clips without other damage. */
  readonly noiseOnWhole: boolean;
  readonly noise: readonly NoiseCurve[];
  /** One for each model that has uncertainties. */
  readonly uncertainty: readonly DemoUncertainty[];
  readonly doubted: readonly DoubtedClip[];
  readonly warnings: readonly string[];
  readonly seconds: number;
}

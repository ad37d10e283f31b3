import type { SeverityPoint } from "../../metrics/severity-bins.js";
import type { Interval } from "../../predict/intervals.js";
import type { EpochRecord, Metrics, SelectiveSummary } from "../../runs/results.js";
import type { ClipResults } from "./clip-results.js";

/** Trained model of the demo. */
export interface DemoModel {
  /** Name in tables: "EUAR aware", "EUAR paper", "linear", "linear, same aids". */
  readonly label: string;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly parameters: number;
  readonly valid: Metrics;
  /** Metrics of the whole test split, including its corrupted samples. */
  readonly test: Metrics;
  /** Metrics of the same clips without corruption, if the data have them. */
  readonly whole: Metrics | null;
  readonly hash: string;
  readonly seconds: number;
}

/** Test metrics of every model at one noise level. */
export interface NoiseLevel {
  /** Standard deviation of the noise, in standard deviations of the training features. */
  readonly deviation: number;
  /** By model label. */
  readonly results: Readonly<Record<string, Metrics>>;
}

/** Rising noise on some inputs of the test split. */
export interface NoiseCurve {
  /** "every input", or the modality that gets the noise. */
  readonly where: string;
  readonly levels: readonly NoiseLevel[];
}

/** Predicted uncertainty of one model, compared with the true corruption. */
export interface DemoUncertainty {
  readonly model: string;
  /** Spearman correlation with the true severity, mean over modalities; null if undefined. */
  readonly follows: number | null;
  /** Largest possible value of `follows`: all clean inputs have severity 0. */
  readonly ceiling: number | null;
  /** The same correlation over the samples of one kind and the clean ones, by kind. */
  readonly byKind: Readonly<Record<string, number | null>>;
  /** Corrupted inputs. The uncertainty is the percentile among all inputs of the modality, 0 to 100. */
  readonly points: readonly SeverityPoint[];
  /** Mean percentile of the clean inputs. */
  readonly wholeMean: number | null;
  /**
   * Number of the inputs with the largest uncertainty relative to their modality's median, and how many of
   * them were corrupted.
   */
  readonly mostDoubted: { readonly inputs: number; readonly damaged: number };
  /** Fraction of all inputs that were corrupted, in [0, 1]: the expectation by chance. */
  readonly damagedShare: number;
  readonly selective: SelectiveSummary | undefined;
}

/** One input of the clip about which a model is most uncertain. */
export interface DoubtedInput {
  readonly modality: string;
  /** Kind of its true corruption; "clean" without corruption. */
  readonly kind: string;
  readonly severity: number;
  /** Fraction of validation samples with a lower uncertainty, in [0, 1]; null if unknown. */
  readonly percentile: number | null;
  /** Uncertainty divided by the median of the validation split. */
  readonly ratio: number;
  /** Share of the prediction, in [0, 1]. */
  readonly contribution: number | null;
}

/** Clip with the most uncertain input of a model. */
export interface DoubtedClip {
  readonly model: string;
  readonly id: string;
  readonly label: number;
  readonly prediction: number;
  readonly interval: Interval | null;
  /** Modality of the most uncertain input. */
  readonly modality: string;
  /** Verdict of `euar predict` on the clip. */
  readonly verdict: string;
  readonly inputs: readonly DoubtedInput[];
  /**
   * Statistics of the input in robust deviations, the farthest from the training median first. Empty for a
   * model without input statistics.
   */
  readonly statistics: readonly { readonly name: string; readonly deviations: number }[];
  /** Standardised features of the input, and of a clean one with typical uncertainty. */
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
  /**
   * The preset aware, the paper's preset, the linear model, and the linear model with the same aids, in this
   * order.
   */
  readonly models: readonly DemoModel[];
  /** True if the noise is added to clips without other corruption. */
  readonly noiseOnWhole: boolean;
  readonly noise: readonly NoiseCurve[];
  /** One entry per model with uncertainties. */
  readonly uncertainty: readonly DemoUncertainty[];
  readonly doubted: readonly DoubtedClip[];
  /** Real clip with one corrupted input at a time. */
  readonly clip: ClipResults;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

import type { EpochRecord, Metrics, SelectiveSummary, SeverityAgreement } from "../runs/results.js";
import type { SeverityPoint } from "../metrics/severity-bins.js";

/** One trained model of the demo. */
export interface DemoModel {
  /** How tables call it, e.g. "EUAR", "linear", "EUAR, text only". */
  readonly label: string;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly parameters: number;
  readonly valid: Metrics;
  readonly test: Metrics;
  readonly hash: string;
  readonly seconds: number;
}

/**
 * The same test samples under one condition, by model label; null where a model cannot answer (its only
 * modality is missing).
 */
export interface DemoCondition {
  readonly label: string;
  readonly results: Readonly<Record<string, Metrics | null>>;
}

/** One modality's predicted uncertainty beside what was really done to it. */
export interface DemoUncertainty {
  readonly modality: string;
  readonly agreement: SeverityAgreement;
  /** Mean predicted uncertainty of the samples that were left clean. */
  readonly cleanMean: number | null;
  /** The corrupted samples. */
  readonly points: readonly SeverityPoint[];
}

export interface DemoResults {
  readonly version: string;
  readonly seed: number;
  readonly dataset: {
    readonly name: string;
    readonly sizes: Readonly<Record<string, number>>;
    readonly modalities: readonly { name: string; width: number }[];
  };
  /** EUAR, the linear row, the best single modality; in this order. */
  readonly models: readonly [DemoModel, DemoModel, DemoModel];
  /** Every single-modality model, the chosen one included, with the validation loss that it was chosen by. */
  readonly singles: readonly {
    readonly modality: string;
    readonly validLoss: number | null;
    readonly chosen: boolean;
  }[];
  readonly subsets: readonly DemoCondition[];
  readonly noise: readonly DemoCondition[];
  readonly uncertainty: readonly DemoUncertainty[];
  readonly selective: SelectiveSummary | undefined;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

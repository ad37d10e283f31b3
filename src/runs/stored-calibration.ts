/** Steps of the table of an uncertainty's distribution. */
export const QUANTILE_STEPS = 100;

/**
 * What the validation split taught about how far a model's outputs can be trusted; stored with the weights.
 */
export interface Calibration {
  readonly outputs: RegressionCalibration | ClassCalibration | MultiLabelCalibration;
  /**
   * By modality, [QUANTILE_STEPS + 1]: quantiles 0, 0.01, ... 1 of its uncertainty. Modalities without
   * uncertainties are left out.
   */
  readonly uncertainty: Readonly<Record<string, Float64Array>>;
}

/**
 * Normalised split conformal prediction: the interval of a target is prediction +- q (spread + floor), where
 * q is the conformal quantile of the validation scores |label - prediction| / (spread + floor) (Papadopoulos
 * et al. 2011, arXiv:1401.3880; Lei et al. 2018, section 5.2). The coverage over all samples holds even if
 * the spread says nothing; only the widths get worse.
 */
export interface RegressionCalibration {
  readonly kind: "regression";
  /** In the order of the task's targets. */
  readonly targets: readonly {
    /**
     * The mean spread of the validation samples, so that the width varies with the spread but never collapses
     * with it; 1 for a model without spread: then every interval has the same width.
     */
    readonly floor: number;
    /** [N] ascending. */
    readonly scores: Float64Array;
  }[];
}

/**
 * Probabilities are softmax(logits / temperature), the temperature of the least validation loss (Guo et al.
 * 2017); sets as in metrics/conformal.ts.
 */
export interface ClassCalibration {
  readonly kind: "classification";
  readonly temperature: number;
  /** [N] ascending. */
  readonly scores: Float64Array;
}

/** Labels that may occur together: from which probability on each counts as present. It promises no coverage. */
export interface MultiLabelCalibration {
  readonly kind: "multi-label";
  /** In the order of the task's labels, each in (0, 1). */
  readonly thresholds: Float64Array;
  /** Number of validation samples. */
  readonly samples: number;
}

/** The thresholds of a multi-label calibration; undefined for another task or a run without calibration. */
export function thresholdsOf(calibration: Calibration | undefined): Float64Array | undefined {
  return calibration?.outputs.kind === "multi-label" ? calibration.outputs.thresholds : undefined;
}

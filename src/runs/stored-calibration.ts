/** Number of steps in the quantile table of an uncertainty. */
export const QUANTILE_STEPS = 100;

/** Calibration of a model's outputs on the validation split. Stored with the weights. */
export interface Calibration {
  readonly outputs: RegressionCalibration | ClassCalibration | MultiLabelCalibration;
  /**
   * Quantiles 0, 0.01, ... 1 of each modality's uncertainty, [QUANTILE_STEPS + 1]. Modalities without
   * uncertainties are absent.
   */
  readonly uncertainty: Readonly<Record<string, Float64Array>>;
  /**
   * Number of validation samples behind the quantiles of a modality that only some samples have. Modalities
   * that all samples have are absent, as are all in files of earlier versions.
   */
  readonly uncertaintySamples?: Readonly<Record<string, number>>;
}

/**
 * Normalised split conformal prediction.
 *
 * The interval of a target is prediction +- q (spread + floor). q is the conformal quantile of the validation
 * scores |label - prediction| / (spread + floor) (Papadopoulos et al. 2011, arXiv:1401.3880; Lei et al. 2018,
 * section 5.2). The coverage over all samples holds even for an uninformative spread; only the widths get
 * worse.
 */
export interface RegressionCalibration {
  readonly kind: "regression";
  /** Calibration of each target, in the order of the task's targets. */
  readonly targets: readonly {
    /**
     * Mean spread of the validation samples. It keeps the width above 0 when the spread is small. It is 1 for
     * a model without spread: then every interval has the same width.
     */
    readonly floor: number;
    /** [N] ascending. */
    readonly scores: Float64Array;
  }[];
}

/**
 * Temperature scaling: probabilities are softmax(logits / temperature), with the temperature that has the
 * smallest validation loss (Guo et al. 2017). Sets of classes as in metrics/conformal.ts.
 */
export interface ClassCalibration {
  readonly kind: "classification";
  readonly temperature: number;
  /** [N] ascending. */
  readonly scores: Float64Array;
}

/**
 * Thresholds of a multi-label task: a label is present if it has at least this probability. There is no
 * guarantee of coverage.
 */
export interface MultiLabelCalibration {
  readonly kind: "multi-label";
  /** Thresholds in the order of the task's labels, each in (0, 1). */
  readonly thresholds: Float64Array;
  /** Number of validation samples. */
  readonly samples: number;
}

/**
 * Returns the thresholds of a multi-label calibration. Undefined for another task or a run without
 * calibration.
 */
export function thresholdsOf(calibration: Calibration | undefined): Float64Array | undefined {
  return calibration?.outputs.kind === "multi-label" ? calibration.outputs.thresholds : undefined;
}

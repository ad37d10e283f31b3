/** One modality of a batch. Sizes: B samples, T time steps of the modality, D features. */
export interface BatchModality {
  /** D */
  readonly width: number;
  /** T */
  readonly steps: number;
  /** Normalised features, [B, T, D]. */
  readonly values: Float32Array;
  /** [B, T], 1 for a real step, 0 for padding. */
  readonly mask: Uint8Array;
  /** [B], 0 if the sample lacks the modality. It then contributes nothing. */
  readonly present: Uint8Array;
  /** [B, Q], measured quality of the media. Absent if the data have none. */
  readonly quality?: Float32Array;
}

/** Samples that a model reads in one step. */
export interface Batch {
  /** B */
  readonly size: number;
  /**
   * Number of each sample, [B]. Random draws are keyed by it, so that a sample's dropout and noise do not
   * depend on the other samples of the batch.
   */
  readonly sampleIndex: Int32Array;
  /** By name. A modality that no sample has may be absent. */
  readonly modalities: Readonly<Record<string, BatchModality>>;
  /** Labels of the samples, in the form of {@link Split.labels}. Absent for a prediction. */
  readonly labels?: Float32Array;
  /** Number of samples, from the first, that the prediction learns from. Default: all. */
  readonly taught?: number;
  /** Number of samples, from the first, that are not corrupted copies. Default: all. */
  readonly originals?: number;
  /** Severity of each sample's corruption by modality, [B]; 0 = clean. Present with corrupted copies. */
  readonly severity?: Readonly<Record<string, Float32Array>>;
  /** Number of each sample's corruption kind by modality, [B]; 0 = clean. Present with `severity`. */
  readonly damage?: Readonly<Record<string, Int32Array>>;
  /**
   * By modality [B]: distance of each copy's features from those of its original, see `copyDistances`; 0 for
   * originals. Present with `severity`.
   */
  readonly distance?: Readonly<Record<string, Float32Array>>;
}

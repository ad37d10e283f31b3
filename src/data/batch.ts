/** What a model reads in one step. Sizes: B samples, T time steps (the modality's own), D features. */
export interface BatchModality {
  readonly width: number;
  readonly steps: number;
  /** [B, T, D], already normalised. */
  readonly values: Float32Array;
  /** [B, T]: 1 = real step. */
  readonly mask: Uint8Array;
  /** [B]: 0 = the sample does not have this modality, it then contributes nothing. */
  readonly present: Uint8Array;
}

export interface Batch {
  readonly size: number;
  /**
   * [B]: a number that identifies the sample whatever its place in the batch; random draws are keyed by it,
   * so that a sample's dropout and noise do not depend on its batch-mates.
   */
  readonly sampleIndex: Int32Array;
  readonly modalities: Readonly<Record<string, BatchModality>>;
  /** [B, targets] or [B] class indices; absent at prediction time. */
  readonly labels?: Float32Array;
  /** How many samples teach the prediction, the first of the batch; all if it is absent. */
  readonly taught?: number;
  /** How many samples, the first, are no corrupted copies; all if left out. */
  readonly originals?: number;
  /**
   * By modality [B]: how severely each sample was corrupted on purpose, 0 for not at all; only batches with
   * corrupted copies have it.
   */
  readonly severity?: Readonly<Record<string, Float32Array>>;
  /**
   * By modality [B]: what was done to each sample on purpose, a number for each kind, 0 for nothing; beside
   * `severity`.
   */
  readonly damage?: Readonly<Record<string, Int32Array>>;
}

import type { SplitName } from "../api/samples.js";

/** Sample of a data set of the server. */
export interface SampleRef {
  readonly dataset: string;
  readonly split: SplitName;
  readonly id: string;
}

/** Prediction of a model for a sample. */
export interface SampleResult {
  /** Name of the run or of the model. */
  readonly model: string;
  readonly prediction: unknown;
  readonly uncertainty: number | null;
  readonly modalities: Readonly<
    Record<
      string,
      {
        readonly uncertainty?: number | null;
        readonly percentile?: number | null;
        readonly contribution?: number | null;
      }
    >
  >;
}

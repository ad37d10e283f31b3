import type { ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";

/** Sample with the features of the modalities that it has. */
export interface MadeSample {
  readonly sample: Sample;
  readonly made: readonly (ModalityResult & { readonly kind: "made" })[];
}

/** Copy of a sample with the features of its corrupted media. */
export interface MadeCopy extends MadeSample {
  /** Row of its original in its split. */
  readonly row: number;
}

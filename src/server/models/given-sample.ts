import type { DataError } from "../../core/errors.js";
import type { Features } from "../../predict/feature-input.js";
import type { SampleId } from "./scorer.js";

/** Sample of a body. */
export type GivenSample =
  | { readonly kind: "features"; readonly id: SampleId; readonly features: Features }
  | { readonly kind: "text"; readonly id: SampleId; readonly text: string }
  | { readonly kind: "bad"; readonly id: SampleId; readonly error: DataError };

/** Samples of one body. */
export interface GivenSamples {
  /** True if the body had a list of samples. */
  readonly many: boolean;
  readonly samples: readonly GivenSample[];
}

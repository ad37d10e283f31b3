import type { AdapterIdentity, Preparation } from "../../data/adapter-identity.js";
import type { Quality } from "../quality.js";
import type { ModalityRecipe } from "../modality-pipeline.js";

/** Plan for extracting one modality. Plain data, so that it can be sent to worker threads. */
export interface ModalityPlan extends ModalityRecipe {
  readonly preparation: Preparation;
}

export interface ExtractPlan {
  readonly modalities: readonly ModalityPlan[];
  /** Folder of the {@link FeatureCache}. */
  readonly cache: string;
}

/** Result of one modality of one sample. */
export type ModalityResult =
  | {
      readonly kind: "made";
      readonly modality: string;
      /** Key in the feature cache. */
      readonly key: string;
      /** Number of steps after preparation. */
      readonly steps: number;
      /** True if any step is usable. If false, the sample lacks the modality. */
      readonly usable: boolean;
      readonly quality: Quality;
      /** True if it came from the cache. */
      readonly cached: boolean;
    }
  /** The sample has no such medium. */
  | { readonly kind: "absent"; readonly modality: string }
  | {
      readonly kind: "failed";
      readonly modality: string;
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };

/** Identity of the adapter of each modality. */
export type Identities = Readonly<Record<string, AdapterIdentity>>;

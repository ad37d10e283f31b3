import type { AdapterIdentity, Preparation } from "../../data/adapter-identity.js";
import type { Quality } from "../quality.js";
import type { ModalityRecipe } from "../modality-pipeline.js";

/** How one modality is made. Plain data: it travels to worker threads. */
export interface ModalityPlan extends ModalityRecipe {
  readonly preparation: Preparation;
}

export interface ExtractPlan {
  readonly modalities: readonly ModalityPlan[];
  /** Folder of the {@link FeatureCache}. */
  readonly cache: string;
}

/** What became of one modality of one sample. */
export type ModalityResult =
  | {
      readonly kind: "made";
      readonly modality: string;
      /** In the cache. */
      readonly key: string;
      /** After preparation. */
      readonly steps: number;
      /** Whether any step may be used: otherwise the sample lacks the modality. */
      readonly usable: boolean;
      readonly quality: Quality;
      /** Whether the cache had it. */
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

/** By modality. */
export type Identities = Readonly<Record<string, AdapterIdentity>>;

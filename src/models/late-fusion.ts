import type { EuarConfig } from "./euar-config.js";

/** Fusion of one prediction per modality. */
export type LateFusion = "precision" | "mean" | "sum";

/** Returns true if a fusion adds predictions of the modalities. The others join features before one head. */
export function isLateFusion(fusion: EuarConfig["fusion"]): fusion is LateFusion {
  return fusion === "precision" || fusion === "mean" || fusion === "sum";
}

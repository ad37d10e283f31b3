import type { EuarConfig } from "./euar-config.js";

/** Returns true if a fusion adds predictions of the modalities. The others join features before one head. */
export function isLateFusion(fusion: EuarConfig["fusion"]): fusion is "precision" | "sum" {
  return fusion === "precision" || fusion === "sum";
}

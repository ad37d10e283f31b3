import type { Corruption } from "./corruption.js";

/** Modalities that are removed at once, each at its own rate. */
export interface MissingRates {
  /** Probability that a modality is missing, by its name. */
  readonly rates: ReadonlyMap<string, number>;
}

/**
 * Joins neighbouring parts with the kind "missing" and different modalities into one step. All other parts
 * stay as they are.
 */
export function missingSteps(corruptions: readonly Corruption[]): (Corruption | MissingRates)[] {
  const steps: (Corruption | { readonly rates: Map<string, number> })[] = [];
  for (const corruption of corruptions) {
    const { kind, amount, modality } = corruption;
    if (kind !== "missing" || modality === undefined) {
      steps.push(corruption);
      continue;
    }
    const last = steps.at(-1);
    if (last && "rates" in last && !last.rates.has(modality)) last.rates.set(modality, amount);
    else steps.push({ rates: new Map([[modality, amount]]) });
  }
  return steps;
}

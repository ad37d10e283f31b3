import { defined } from "../core/defined.js";
import { mutualInformation } from "../metrics/mutual-information.js";
import type { RoutingSummary } from "../runs/results.js";
import type { MeasuredSplit } from "./uncertainty-report.js";

/** Share of all gates below which an expert counts as unused. */
const UNUSED = 1e-3;

/**
 * Measures how experts are used, by modality, and how this depends on the corruption of a sample.
 *
 * The weight of an expert for a sample is its gate divided by the sum of the sample's selected gates.
 * @param experts number of experts of a modality, N
 * @returns undefined for models without experts
 */
export function routingReport(
  { split, outputs }: MeasuredSplit,
  experts: number | undefined,
): Record<string, RoutingSummary> | undefined {
  if (experts === undefined) return undefined;
  const entries = Object.entries(split.modalities).flatMap(
    ([name, { present }]): [string, RoutingSummary][] => {
      const diagnostics = outputs.diagnostics[name];
      if (!diagnostics?.experts || !diagnostics.gates) return [];
      const kinds = split.corruption?.[name]?.kind;
      const names = kinds ? [...new Set(kinds)].sort() : ["all"];
      const joint = names.map(() => new Array<number>(experts).fill(0)); // [kinds][N]
      const slots = diagnostics.experts.length / split.size;
      for (let row = 0; row < split.size; row++) {
        const weights = joint[kinds ? names.indexOf(kinds[row] ?? "") : 0];
        if (present[row] === 0 || !weights) continue;
        const gates = diagnostics.gates.subarray(row * slots, (row + 1) * slots);
        const total = gates.reduce((sum, gate) => sum + gate, 0);
        gates.forEach((gate, slot) => {
          const expert = diagnostics.experts?.[row * slots + slot] ?? -1;
          if (expert >= 0 && total > 0) weights[expert] = defined(weights[expert]) + gate / total;
        });
      }
      const load = sharesOf(
        Array.from({ length: experts }, (_, expert) =>
          joint.reduce((sum, weights) => sum + defined(weights[expert]), 0),
        ),
      );
      const byKind = kinds && {
        byKind: Object.fromEntries(names.map((kind, k) => [kind, sharesOf(joint[k] ?? [])])),
        information: mutualInformation(joint),
      };
      return [[name, { load, unused: load.filter((share) => share < UNUSED).length, ...byKind }]];
    },
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

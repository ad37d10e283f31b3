import type { Split } from "../../data/dataset.js";
import type { SplitOutputs } from "../forward-split.js";

/** Returns a validation split with these labels and no inputs. */
export function splitOf(labels: Float32Array): Split {
  return {
    name: "valid",
    size: labels.length,
    ids: Array.from(labels, (_, i) => `${i}`),
    modalities: {},
    labels,
  };
}

/** Returns outputs of a model on a split. */
export function outputsOf(
  prediction: Float32Array,
  size: number,
  more: Partial<SplitOutputs> = {},
): SplitOutputs {
  return { size, prediction, taskLoss: 0, diagnostics: {}, ...more };
}

/** Task of one target. */
export const regression = { kind: "regression", targets: ["y"] } as const;

import { z } from "zod";
import { taskLoss } from "../../nn/losses/task.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { averageOfPresent } from "./shared/average.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { entropies } from "./shared/entropy.js";
import { ModalityHeads } from "./shared/modality-heads.js";

export const lateFusionConfigSchema = z.strictObject(branchFields);
export type LateFusionConfig = z.infer<typeof lateFusionConfigSchema>;

/**
 * Late fusion baseline: averages the predictions of the modalities that a sample has. See
 * docs/baselines/late-fusion.md. Parameters: see `ModalityHeads`.
 */
export function createLateFusion(
  signature: DataSignature,
  config: LateFusionConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("late-fusion", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const heads = new ModalityHeads(parameters, signature, config.hidden, config.dropout);
    return {
      outputBias: heads.bias,
      forward: (tape, blocks, present, draws) => {
        const outputs = heads.forward(tape, blocks, draws);
        const prediction = averageOfPresent(tape, outputs, present, heads.bias);
        return {
          prediction,
          ...(signature.task.kind === "classification" && {
            uncertainties: () => outputs.map((logits, m) => entropies(logits, present[m] ?? [])),
          }),
          losses: (labels, taught) => ({ task: [taskLoss(tape, lossKind, prediction, labels, taught), 1] }),
        };
      },
    };
  });
}

export const lateFusionModel = defineModel({
  name: "late-fusion",
  label: "Late fusion",
  summary: "averages the predictions of one head per modality",
  schema: lateFusionConfigSchema,
  tables: ["table1", "table2", "table3"],
  create: createLateFusion,
});

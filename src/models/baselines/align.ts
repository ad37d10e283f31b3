import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { Linear } from "../../nn/linear.js";
import { contrastiveLoss } from "../../nn/losses/contrastive.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { concat } from "../../tensor/ops/shape-ops.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";
import { meanOverPairs } from "./shared/pairs.js";

export const alignConfigSchema = z.strictObject({
  ...jointFields,
  alignment: z
    .number()
    .min(0)
    .default(0.1)
    .describe("weight of the contrastive loss between modalities (align)"),
  temperature: z
    .number()
    .min(0.001)
    .max(10)
    .default(0.1)
    .describe("temperature of the contrastive loss (align)"),
});
export type AlignConfig = z.infer<typeof alignConfigSchema>;

/**
 * Align baseline: before they are joined, embeddings of the same sample are pulled together and those of
 * different samples are pushed apart. Uses the symmetric contrastive loss of CLIP (Radford et al. 2021),
 * averaged over pairs of modalities. The embeddings are then fused as in Concat. See docs/baselines/align.md.
 * Parameters: `<modality>/embedding/...`, `head/...`.
 */
export function createAlign(
  signature: DataSignature,
  config: AlignConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("align", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const { hidden, head: widths, dropout, alignment, temperature } = config;
    const embeddings = signature.modalities.map(
      ({ name }) => new Linear(parameters, `${name}/embedding`, hidden, hidden),
    );
    const inputs = hidden * signature.modalities.length;
    const head = new PredictionHead(parameters, "head", {
      inputs,
      hidden: widths,
      outputs: outputsOf(signature.task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      forward: (tape, blocks, present, draws) => {
        // M of [B, H]
        const embedded = blocks.map((block, m) => embeddings[m]?.forward(tape, block) ?? block);
        const joint = concat(tape, embedded, 1); // [B, M * H]
        const prediction = head.forward(tape, joint, draws);
        return {
          prediction,
          joint: () => joint,
          losses: (labels, taught) => ({
            task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
            alignment: [
              meanOverPairs(tape, embedded, present, (one, other, rows) =>
                contrastiveLoss(tape, one, other, rows, temperature),
              ),
              alignment,
            ],
          }),
        };
      },
    };
  });
}

export const alignModel = defineModel({
  name: "align",
  label: "Align",
  summary: "aligns the modalities by a contrastive loss before they are joined",
  schema: alignConfigSchema,
  tables: ["table1", "table3"],
  create: createAlign,
});

import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { Linear } from "../../nn/linear.js";
import { correlationLoss } from "../../nn/losses/correlation.js";
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
import { onlyRows } from "./shared/rows.js";

export const dccaConfigSchema = z.strictObject({
  ...jointFields,
  correlation: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the correlation loss between modalities (dcca)"),
  canonical: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe("canonical variables per modality; the batch needs several times as many samples (dcca)"),
  canonicalRidge: z
    .number()
    .positive()
    .default(1e-3)
    .describe("value added to the variances of the canonical variables, for numerical stability (dcca)"),
});
export type DccaConfig = z.infer<typeof dccaConfigSchema>;

/**
 * DCCA, deep canonical correlation analysis (Andrew et al., ICML 2013). Each modality's network ends in K
 * variables, and training maximises the correlation of the variables of each pair of modalities. More than
 * two modalities use the mean over pairs. One head reads the concatenated variables. See
 * docs/baselines/dcca.md. Parameters: `<modality>/canonical/...`, `head/...`.
 */
export function createDcca(
  signature: DataSignature,
  config: DccaConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("dcca", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const { hidden, head: widths, dropout, correlation, canonical, canonicalRidge } = config;
    const layers = signature.modalities.map(
      ({ name }) => new Linear(parameters, `${name}/canonical`, hidden, canonical),
    );
    const head = new PredictionHead(parameters, "head", {
      inputs: canonical * layers.length,
      hidden: widths,
      outputs: outputsOf(signature.task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      forward: (tape, blocks, present, draws) => {
        const variables = blocks.map((block, m) =>
          onlyRows(tape, layers[m]?.forward(tape, block) ?? block, present[m] ?? []),
        ); // M of [B, K]
        const joint = concat(tape, variables, 1); // [B, M * K]
        const prediction = head.forward(tape, joint, draws);
        return {
          prediction,
          joint: () => joint,
          losses: (labels, taught) => ({
            task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
            correlation: [
              meanOverPairs(tape, variables, present, (one, other, rows) =>
                correlationLoss(tape, one, other, rows, canonicalRidge),
              ),
              correlation,
            ],
          }),
        };
      },
    };
  });
}

export const dccaModel = defineModel({
  name: "dcca",
  label: "DCCA",
  summary: "correlates pairs of modalities and fills in missing ones (Andrew et al., 2013)",
  schema: dccaConfigSchema,
  leastModalities: 2,
  tables: ["table1", "table2"],
  create: createDcca,
});

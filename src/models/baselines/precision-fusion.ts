import { z } from "zod";
import { exp } from "../../core/math.js";
import { severityRankingLoss } from "../../nn/losses/severity-ranking.js";
import { taskLoss } from "../../nn/losses/task.js";
import { Linear } from "../../nn/linear.js";
import { precisionSum } from "../../nn/precision-sum.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { add, scale } from "../../tensor/ops/elementwise.js";
import { gatherRows } from "../../tensor/ops/shape-ops.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { ModalityHeads } from "./shared/modality-heads.js";
import { labelsOfRows, taughtRows } from "./shared/rows.js";

export const precisionFusionConfigSchema = z.strictObject({
  ...branchFields,
  ownTask: z
    .number()
    .min(0)
    .default(0.5)
    .describe("weight of the task loss on the prediction of each modality alone (precision-fusion)"),
  varianceRanking: z
    .number()
    .min(0)
    .default(1)
    .describe(
      "weight of the severity-ranking loss on the variances: of two copies of one kind, the more " +
        "corrupted one gets the higher variance. It acts on batches with corrupted copies " +
        "(precision-fusion)",
    ),
});
export type PrecisionFusionConfig = z.infer<typeof precisionFusionConfigSchema>;

/**
 * Late fusion by precision, a product of Gaussians (generalised product of experts, Cao & Fleet 2014): each
 * modality predicts a value f_m and a log-precision l_m. The prediction is sum_m w_m f_m + c with w =
 * softmax(l) over the modalities that the sample has. A modality's uncertainty is its variance exp(-l_m). See
 * docs/baselines/precision-fusion.md. Parameters: those of `ModalityHeads` and `<modality>/precision/...`.
 */
export function createPrecisionFusion(
  signature: DataSignature,
  config: PrecisionFusionConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  const { hidden, dropout, ownTask, varianceRanking } = config;
  const names = signature.modalities.map(({ name }) => name);
  return createBaseline("precision-fusion", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const heads = new ModalityHeads(parameters, signature, hidden, dropout);
    const precisions = names.map((name) => new Linear(parameters, `${name}/precision`, hidden, 1));
    return {
      outputBias: heads.bias,
      forward: (tape, blocks, present, draws) => {
        const values = heads.unbiased(tape, blocks, draws); // M of [B, outputs]
        const logs = blocks.flatMap((block, m) => precisions[m]?.forward(tape, block) ?? []); // M of [B, 1]
        const prediction = add(
          tape,
          precisionSum(tape, values, { logs, present }),
          tape.parameter(heads.bias),
        ); // [B, outputs]
        return {
          prediction,
          uncertainties: () =>
            logs.map(({ buffer, size }) =>
              Float32Array.from(buffer.view.subarray(0, size), (log) => exp(-log)),
            ),
          losses: (labels, taught, { severity, damage }) => {
            const parts: Record<string, readonly [Tensor, number]> = {
              task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
            };
            names.forEach((name, m) => {
              const [value, log, flags] = [values[m], logs[m], present[m]];
              if (!value || !log || !flags) return;
              const rows = taughtRows(flags, taught);
              if (ownTask > 0 && rows.length > 0) {
                const alone = add(tape, gatherRows(tape, value, rows), tape.parameter(heads.bias));
                const theirs = labelsOfRows(labels, rows, flags.length);
                parts[`task/${name}`] = [taskLoss(tape, lossKind, alone, theirs), ownTask];
              }
              const [severities, kinds] = [severity?.[name], damage?.[name]];
              if (varianceRanking > 0 && severities && kinds) {
                const known = { severity: severities, damage: kinds, present: flags };
                const loss = severityRankingLoss(tape, scale(tape, log, -1), known);
                parts[`rank/${name}`] = [loss, varianceRanking];
              }
            });
            return parts;
          },
        };
      },
    };
  });
}

export const precisionFusionModel = defineModel({
  name: "precision-fusion",
  label: "Precision fusion",
  summary: "weighs the modalities' predictions by variances learned from corrupted copies",
  schema: precisionFusionConfigSchema,
  tables: ["table1", "table2", "table3"],
  create: createPrecisionFusion,
});

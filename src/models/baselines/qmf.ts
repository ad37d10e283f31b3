import { z } from "zod";
import { exp } from "../../core/math.js";
import { confidenceRankingLoss } from "../../nn/losses/confidence-ranking.js";
import { taskLoss } from "../../nn/losses/task.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { add, mul, scale } from "../../tensor/ops/elementwise.js";
import { crossEntropy } from "../../tensor/ops/losses.js";
import { mean } from "../../tensor/ops/reductions.js";
import { gatherRows, reshape } from "../../tensor/ops/shape-ops.js";
import { logSumExp } from "../../tensor/ops/softmax.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { ModalityHeads } from "./shared/modality-heads.js";
import { refuseTaskLoss } from "./shared/refuse-task-loss.js";
import { labelsOfRows, taughtRows } from "./shared/rows.js";

export const qmfConfigSchema = z.strictObject({
  ...branchFields,
  confidenceRanking: z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      "weight of the confidence-ranking loss: of two samples, the one with the smaller loss gets the " +
        "higher confidence (qmf)",
    ),
  confidenceScale: z
    .number()
    .positive()
    .default(0.1)
    .describe("factor from the log-sum-exp of a modality's logits to its fusion weight (qmf)"),
});
export type QmfConfig = z.infer<typeof qmfConfigSchema>;

/**
 * QMF, quality-aware multimodal fusion (Zhang et al., ICML 2023). Each modality has logits f_m and the
 * confidence c_m = log sum exp f_m, its negative energy. The fused logits are sum_m w_m f_m, where w_m is c_m
 * times a constant, without a gradient through w_m. The loss has cross-entropies of the fusion and of each
 * modality, and a ranking loss on the confidences. A modality's uncertainty is exp(-c_m), which rises with
 * its energy. Classification only. See docs/baselines/qmf.md. Parameters: those of `ModalityHeads`.
 * @throws ConfigError for a `taskLoss`
 */
export function createQmf(
  signature: DataSignature,
  config: QmfConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  refuseTaskLoss("qmf", config.taskLoss);
  const { hidden, dropout, confidenceRanking, confidenceScale } = config;
  return createBaseline("qmf", signature, config, backend, seed, ({ parameters }) => {
    const heads = new ModalityHeads(parameters, signature, hidden, dropout);
    return {
      outputBias: heads.bias,
      forward: (tape, blocks, present, draws) => {
        const batch = present[0]?.length ?? 0;
        const logits = heads.unbiased(tape, blocks, draws); // M of [B, C]
        const confidences = logits.map((one) => logSumExp(tape, one)); // M of [B]
        const weighted = logits.map((one, m) => {
          const weights = Array.from(confidences[m]?.buffer.view.subarray(0, batch) ?? [], (value, b) =>
            present[m]?.[b] === 0 ? 0 : confidenceScale * value,
          );
          return mul(tape, one, tape.constant(weights, [batch, 1]));
        });
        const prediction = weighted.reduce((sum, one) => add(tape, sum, one), biasRows(tape, heads, batch));
        return {
          prediction,
          uncertainties: () =>
            confidences.map(({ buffer }) =>
              Float32Array.from(buffer.view.subarray(0, batch), (value) => exp(-value)),
            ),
          losses: (labels, taught) => {
            const parts: Record<string, readonly [Tensor, number]> = {
              task: [taskLoss(tape, "cross-entropy", prediction, labels, taught), 1],
            };
            signature.modalities.forEach(({ name }, m) => {
              const [own, confidence] = [logits[m], confidences[m]];
              const rows = taughtRows(present[m] ?? [], taught);
              if (!own || !confidence || rows.length === 0) return;
              const errors = crossEntropy(
                tape,
                gatherRows(tape, own, rows),
                labelsOfRows(labels, rows, batch),
              ); // [R]
              parts[`task/${name}`] = [mean(tape, errors), 1];
              if (confidenceRanking === 0) return;
              const ranked = reshape(
                tape,
                gatherRows(tape, reshape(tape, scale(tape, confidence, confidenceScale), [batch, 1]), rows),
                [rows.length],
              ); // [R]
              parts[`rank/${name}`] = [
                confidenceRankingLoss(
                  tape,
                  ranked,
                  errors.toArray(),
                  rows.map((_, i) => i),
                ),
                confidenceRanking,
              ];
            });
            return parts;
          },
        };
      },
    };
  });
}

/** Returns the output bias as rows, [B, C]. */
function biasRows(tape: Tape, heads: ModalityHeads, batch: number): Tensor {
  const { size } = heads.bias;
  return add(tape, tape.constant(new Float32Array(batch * size), [batch, size]), tape.parameter(heads.bias));
}

export const qmfModel = defineModel({
  name: "qmf",
  label: "QMF",
  summary: "weighs the modalities' predictions by their confidence (Zhang et al., 2023)",
  schema: qmfConfigSchema,
  tasks: ["classification"],
  tables: ["table1", "table3"],
  create: createQmf,
});

import { z } from "zod";
import { exp } from "../../core/math.js";
import { outputsOf } from "../../data/dataset.js";
import { Linear } from "../../nn/linear.js";
import { balanceLoss } from "../../nn/losses/balance.js";
import { heteroscedasticLoss } from "../../nn/losses/heteroscedastic.js";
import { taskLoss } from "../../nn/losses/task.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import { dropoutIn } from "../../nn/sample-draws.js";
import type { Backend } from "../../tensor/backend.js";
import { add, mul, scale } from "../../tensor/ops/elementwise.js";
import { concat, gatherRows } from "../../tensor/ops/shape-ops.js";
import { neg, relu, sigmoid, tanh } from "../../tensor/ops/unary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { LabelScale } from "./shared/label-scale.js";
import { ModalityHeads } from "./shared/modality-heads.js";
import { labelsOfRows, onlyRows, taughtRows } from "./shared/rows.js";
import { mixExperts, topExperts } from "./shared/top-experts.js";

/** Largest absolute value of a log-variance, so that its exponential and its likelihood stay finite. */
export const LARGEST_LOG_VARIANCE = 6;

export const qaMoeConfigSchema = z.strictObject({
  ...branchFields,
  qualityExperts: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe("number of experts that all modalities share (qa-moe)"),
  qualityTopK: z
    .int()
    .min(1)
    .default(2)
    .describe("number of experts per sample, at most qualityExperts (qa-moe)"),
  qualityBalance: z
    .number()
    .min(0)
    .default(0.01)
    .describe("weight of the load-balance loss, if not all experts are used for each sample (qa-moe)"),
  aleatoric: z
    .number()
    .min(0)
    .default(1)
    .describe(
      "weight of the likelihood that trains the prediction and the variance of each modality alone (qa-moe)",
    ),
});
export type QaMoeConfig = z.infer<typeof qaMoeConfigSchema>;

/**
 * Row after QA-MoE (Zhu et al., ACL 2026), built from its abstract alone: the equations are of this package,
 * and figures of the row are not those of the authors. Each modality predicts the label as a Gaussian with
 * the mean f_m and the variance v_m, which the likelihood of the labels trains. Its reliability is r_m = 1 /
 * (1 + v_m), and 0 if the modality is missing. Shared experts read the vectors r_m h_m. Their router reads
 * the same and all r_m. No gradient flows through r_m. A modality's uncertainty is v_m. See
 * docs/baselines/qa-moe.md. Parameters: `<modality>/variance/...`, `router/...`, `experts/in/...`,
 * `experts/out/...`, those of `ModalityHeads`, and the constant `labels/scale`.
 */
export function createQaMoe(
  signature: DataSignature,
  config: QaMoeConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  const { hidden, dropout, qualityExperts: count, qualityTopK, qualityBalance, aleatoric } = config;
  const names = signature.modalities.map(({ name }) => name);
  return createBaseline("qa-moe", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const heads = new ModalityHeads(parameters, signature, hidden, dropout);
    const variances = names.map((name) => new Linear(parameters, `${name}/variance`, hidden, 1));
    const router = new Linear(parameters, "router", (hidden + 1) * names.length, count);
    const experts = new Linear(parameters, "experts/in", hidden * names.length, hidden * count);
    const out = new Linear(parameters, "experts/out", hidden, outputsOf(signature.task));
    const labelScale = new LabelScale(parameters, signature.task);
    return {
      outputBias: heads.bias,
      fitStatistics: (train) => {
        labelScale.fit(train.labels);
      },
      forward: (tape, blocks, present, draws) => {
        const logs = blocks.flatMap((block, m) => {
          const raw = variances[m]?.forward(tape, block);
          return raw ? [logVariance(raw)] : [];
        }); // M of [B, 1]
        const reliabilities = logs.map((log, m) =>
          onlyRows(tape, sigmoid(tape, neg(tape, tape.detached(log))), present[m] ?? []),
        ); // M of [B, 1]
        const weighed = concat(
          tape,
          blocks.flatMap((block, m) => {
            const reliability = reliabilities[m];
            return reliability ? [mul(tape, block, reliability)] : [];
          }),
          1,
        ); // [B, M * H]
        const routed = topExperts(
          tape,
          router.forward(tape, concat(tape, [weighed, ...reliabilities], 1)),
          qualityTopK,
        );
        const read = dropoutIn(tape, weighed, dropout, "experts/in", draws);
        const joint = mixExperts(tape, relu(tape, experts.forward(tape, read)), routed.gates); // [B, H]
        const prediction = add(
          tape,
          out.forward(tape, dropoutIn(tape, joint, dropout, "experts/out", draws)),
          tape.parameter(heads.bias),
        ); // [B, outputs]
        return {
          prediction,
          joint: () => joint,
          uncertainties: () =>
            logs.map(({ buffer, size }) =>
              Float32Array.from(buffer.view.subarray(0, size), (log) => exp(log)),
            ),
          losses: (labels, taught) => {
            const parts: Record<string, readonly [Tensor, number]> = {
              task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
            };
            const values = heads.forward(tape, blocks, draws); // M of [B, outputs]
            names.forEach((name, m) => {
              const [value, log, flags] = [values[m], logs[m], present[m]];
              if (!value || !log || !flags || aleatoric === 0) return;
              const rows = taughtRows(flags, taught);
              if (rows.length === 0) return;
              const theirs = labelsOfRows(labels, rows, flags.length);
              const given = {
                ...labelScale.divide(tape, gatherRows(tape, value, rows), theirs),
                logVariances: gatherRows(tape, log, rows),
              };
              parts[`aleatoric/${name}`] = [heteroscedasticLoss(tape, given), aleatoric];
            });
            if (routed.selected < count && qualityBalance > 0) {
              const all = new Uint8Array(prediction.extent(0)).fill(1);
              parts["balance"] = [balanceLoss(tape, routed, all, "topk"), qualityBalance];
            }
            return parts;
          },
        };

        /** Limits a log-variance smoothly, so that the order of variances is kept. */
        function logVariance(raw: Tensor): Tensor {
          const limit = LARGEST_LOG_VARIANCE;
          return scale(tape, tanh(tape, scale(tape, raw, 1 / limit)), limit); // [B, 1]
        }
      },
    };
  });
}

export const qaMoeModel = defineModel({
  name: "qa-moe",
  label: "QA-MoE (from its abstract)",
  summary:
    "routes shared experts by the modalities' aleatoric variances (after Zhu et al., 2026, abstract only)",
  schema: qaMoeConfigSchema,
  tables: ["table1", "table3"],
  create: createQaMoe,
});

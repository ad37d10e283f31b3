import { z } from "zod";
import { evidentialLoss } from "../../nn/losses/evidential.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { mul, shift } from "../../tensor/ops/elementwise.js";
import { log, softplus } from "../../tensor/ops/unary.js";
import { slice } from "../../tensor/ops/shape-ops.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { ModalityHeads } from "./shared/modality-heads.js";
import { refuseTaskLoss } from "./shared/refuse-task-loss.js";
import { combine, dirichletOf, opinionOf } from "./shared/opinions.js";

export const tmcConfigSchema = z.strictObject({
  ...branchFields,
  annealingSteps: z
    .int()
    .min(1)
    .default(1000)
    .describe("training steps over which the loss on wrong evidence grows to its full weight (tmc)"),
});
export type TmcConfig = z.infer<typeof tmcConfigSchema>;

/**
 * TMC, trusted multi-view classification (Han et al., ICLR 2021). Each modality gives evidence e >= 0 for
 * each class, which forms an opinion with some ignorance. Dempster's rule combines the opinions. The
 * evidential loss applies to each modality and to the combination. The prediction is the logarithm of the
 * expected class probabilities, and a modality's uncertainty is its ignorance C / S. A missing modality is an
 * opinion of full ignorance. Classification only. See docs/baselines/tmc.md. Parameters: those of
 * `ModalityHeads`.
 * @throws ConfigError for a `taskLoss`
 */
export function createTmc(
  signature: DataSignature,
  config: TmcConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  refuseTaskLoss("tmc", config.taskLoss);
  return createBaseline("tmc", signature, config, backend, seed, ({ parameters }) => {
    const heads = new ModalityHeads(parameters, signature, config.hidden, config.dropout);
    return {
      outputBias: heads.bias,
      forward: (tape, blocks, present, draws) => {
        const batch = present[0]?.length ?? 0;
        const evidence = heads
          .forward(tape, blocks, draws)
          // M of [B, C]
          .map((logits, m) => mul(tape, softplus(tape, logits), tape.constant(present[m] ?? [], [batch, 1])));
        const opinions = evidence.map((one) => opinionOf(tape, one));
        const joint = dirichletOf(
          tape,
          opinions.reduce((left, right) => combine(tape, left, right)),
        ); // [B, C]
        return {
          prediction: log(tape, joint), // its softmax is alpha / S
          uncertainties: () =>
            opinions.map(({ ignorance }) => Float32Array.from(ignorance.buffer.view.subarray(0, batch))),
          losses: (labels, taught) => {
            const weight = Math.min(1, draws.step / config.annealingSteps);
            const loss = (alpha: Tensor, counted?: ArrayLike<number>): readonly [Tensor, number] => [
              evidentialLoss(tape, first(tape, alpha, taught), labels, weight, counted),
              1,
            ];
            const each = evidence.map(
              (one, m) =>
                [
                  `task/${signature.modalities[m]?.name ?? ""}`,
                  loss(shift(tape, one, 1), present[m]),
                ] as const,
            );
            return { task: loss(joint), ...Object.fromEntries(each) };
          },
        };
      },
    };
  });
}

/** Takes the samples that have a training label. */
function first(tape: Tape, rows: Tensor, taught: number | undefined): Tensor {
  return taught === undefined || taught >= rows.extent(0) ? rows : slice(tape, rows, 0, 0, taught);
}

export const tmcModel = defineModel({
  name: "tmc",
  label: "TMC",
  summary: "combines the evidence of each modality by Dempster's rule (Han et al., 2021)",
  schema: tmcConfigSchema,
  tasks: ["classification"],
  tables: ["table1", "table3"],
  create: createTmc,
});

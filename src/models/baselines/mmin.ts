import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { concat, slice } from "../../tensor/ops/shape-ops.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";
import { hideModalities } from "./shared/hidden-modalities.js";
import { recoveryError } from "./shared/recovery-error.js";
import { ResidualAutoencoders } from "./shared/residual-autoencoders.js";
import { onlyRows } from "./shared/rows.js";

export const mminConfigSchema = z.strictObject({
  ...jointFields,
  imagination: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the reconstruction error of imagined modalities (mmin)"),
  imaginationCycle: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the error of the reverse mapping from the imagined modalities (mmin)"),
  imaginationRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      "fraction of the training samples from which modalities are hidden, to train the imagination " +
        "(mmin)",
    ),
  autoencoders: z
    .int()
    .min(1)
    .max(16)
    .default(5)
    .describe("number of residual autoencoders in each of the two cascades (mmin)"),
  autoencoderWidth: z
    .int()
    .min(1)
    .max(4096)
    .default(32)
    .describe("width of each residual autoencoder's bottleneck (mmin)"),
});
export type MminConfig = z.infer<typeof mminConfigSchema>;

/**
 * MMIN, the missing modality imagination network (Zhao, Li & Jin, ACL 2021). The vectors of the present
 * modalities are concatenated, with zeros for the others. A cascade of residual autoencoders imagines the
 * vectors of the others, and a second cascade maps these back. The joint representation consists of the
 * bottlenecks of the first cascade. Training hides modalities that samples have, and compares the imagined
 * vectors with the hidden ones. See docs/baselines/mmin.md. Parameters: `imagine/...`, `return/...`,
 * `head/...`.
 */
export function createMmin(
  signature: DataSignature,
  config: MminConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("mmin", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const {
      hidden,
      head: widths,
      dropout,
      imagination,
      imaginationCycle,
      imaginationRate,
      autoencoders,
      autoencoderWidth,
    } = config;
    const all = hidden * signature.modalities.length;
    const imagine = new ResidualAutoencoders(parameters, "imagine", all, autoencoderWidth, autoencoders);
    const comeBack = new ResidualAutoencoders(parameters, "return", all, autoencoderWidth, autoencoders);
    const head = new PredictionHead(parameters, "head", {
      inputs: autoencoders * autoencoderWidth,
      hidden: widths,
      outputs: outputsOf(signature.task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      forward: (tape, blocks, present, draws) => {
        const drawn = hideModalities(present, imaginationRate, "mmin", draws);
        const shown = blocks.map((block, m) => onlyRows(tape, block, drawn.seen[m] ?? [])); // M of [B, H]
        // [B, M * H], [B, K * latent]
        const { output, latents } = imagine.forward(tape, concat(tape, shown, 1));
        const prediction = head.forward(tape, latents, draws);
        return {
          prediction,
          joint: () => latents,
          losses: (labels, taught) => {
            const returned = comeBack.forward(tape, output).output; // [B, M * H]
            const part = (m: number, from: typeof output): typeof output =>
              slice(tape, from, 1, m * hidden, (m + 1) * hidden); // [B, H]
            const tried = drawn.seen.map((flags) =>
              flags.map((flag, b) => (drawn.hidden.some((gone) => gone[b] === 1) ? flag : 0)),
            ); // the reverse mapping needs a modality to map back to
            return {
              task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
              imagination: [
                recoveryError(
                  tape,
                  blocks.map((_, m) => part(m, output)),
                  blocks,
                  drawn.hidden,
                ),
                imagination,
              ],
              cycle: [
                recoveryError(
                  tape,
                  blocks.map((_, m) => part(m, returned)),
                  blocks,
                  tried,
                ),
                imaginationCycle,
              ],
            };
          },
        };
      },
    };
  });
}

export const mminModel = defineModel({
  name: "mmin",
  label: "MMIN",
  summary: "imagines missing modalities by cascaded autoencoders (Zhao et al., 2021)",
  schema: mminConfigSchema,
  leastModalities: 2,
  tables: ["table1", "table2"],
  create: createMmin,
});

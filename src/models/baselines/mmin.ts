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
  imagination: z.number().min(0).default(1).describe("weight of the error of imagined modalities (mmin)"),
  imaginationCycle: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the error of the way back from what was imagined (mmin)"),
  imaginationRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("share of the training samples from which modalities are hidden, to be imagined (mmin)"),
  autoencoders: z
    .int()
    .min(1)
    .max(16)
    .default(5)
    .describe("residual autoencoders in each of the two cascades (mmin)"),
  autoencoderWidth: z
    .int()
    .min(1)
    .max(4096)
    .default(32)
    .describe("width of each residual autoencoder's bottleneck (mmin)"),
});
export type MminConfig = z.infer<typeof mminConfigSchema>;

/**
 * MMIN, the missing modality imagination network (Zhao, Li & Jin, ACL 2021): from the vectors of the
 * modalities that are there, side by side with zeros for the others, a cascade of residual autoencoders
 * imagines the others' vectors, and a second one comes back from those. The joint representation is the
 * bottlenecks of the first. Training hides modalities that samples have; what was hidden is what imagination
 * is held against.
 * docs/baselines/mmin.md. Parameters: `imagine/...`, `return/...`, `head/...`.
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
            ); // there is a way back only where there was one there
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

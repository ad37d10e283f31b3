import { z } from "zod";
import { Linear } from "../../nn/linear.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { mul, scale } from "../../tensor/ops/elementwise.js";
import { concat } from "../../tensor/ops/shape-ops.js";
import { relu, sigmoid } from "../../tensor/ops/unary.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { averageOfPresent } from "./shared/average.js";
import { createBaseline } from "./shared/baseline.js";
import { branchFields } from "./shared/baseline-config.js";
import { entropies } from "./shared/entropy.js";
import { ModalityHeads } from "./shared/modality-heads.js";

export const mmtmConfigSchema = z.strictObject({
  ...branchFields,
  ratio: z
    .number()
    .min(1)
    .default(4)
    .describe(
      "reduction ratio: the joint excitation has the width 2 M H / RATIO for M modalities of width H " +
        "(mmtm)",
    ),
});
export type MmtmConfig = z.infer<typeof mmtmConfigSchema>;

/**
 * MMTM, the multimodal transfer module (Joze et al., CVPR 2020, Eqs. 2-5): Z = ReLU(W [s_1 ... s_M] + b), E_m
 * = W_m Z + b_m. Each modality's vector is multiplied by 2 sigmoid(E_m). The predictions of the modalities
 * that a sample has are averaged. See docs/baselines/mmtm.md. Parameters: `transfer/joint/...`,
 * `transfer/<modality>/...`, and those of `ModalityHeads`.
 */
export function createMmtm(
  signature: DataSignature,
  config: MmtmConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("mmtm", signature, config, backend, seed, ({ parameters }) => {
    const { hidden, dropout, ratio } = config;
    const all = hidden * signature.modalities.length;
    const width = Math.max(1, Math.floor((2 * all) / ratio));
    const joint = new Linear(parameters, "transfer/joint", all, width);
    const excitations = signature.modalities.map(
      ({ name }) => new Linear(parameters, `transfer/${name}`, width, hidden),
    );
    const heads = new ModalityHeads(parameters, signature, hidden, dropout);
    return {
      outputBias: heads.bias,
      forward: (tape, blocks, present, draws) => {
        const squeezed = relu(tape, joint.forward(tape, concat(tape, blocks, 1))); // [B, width]
        const gated = blocks.map((block, m) => {
          const excitation = excitations[m];
          return excitation
            ? mul(tape, block, scale(tape, sigmoid(tape, excitation.forward(tape, squeezed)), 2))
            : block; // [B, H]
        });
        const outputs = heads.forward(tape, gated, draws);
        return {
          joint: () => concat(tape, gated, 1),
          prediction: averageOfPresent(tape, outputs, present, heads.bias),
          ...(signature.task.kind === "classification" && {
            uncertainties: () => outputs.map((logits, m) => entropies(logits, present[m] ?? [])),
          }),
        };
      },
    };
  });
}

export const mmtmModel = defineModel({
  name: "mmtm",
  label: "MMTM",
  summary: "lets modalities rescale each other before they are joined (Joze et al., 2020)",
  schema: mmtmConfigSchema,
  tables: ["table1", "table3"],
  create: createMmtm,
});

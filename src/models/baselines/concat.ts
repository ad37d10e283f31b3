import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { concat } from "../../tensor/ops/shape-ops.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";

export const concatConfigSchema = z.strictObject(jointFields);
export type ConcatConfig = z.infer<typeof concatConfigSchema>;

/**
 * Concat: the modalities' vectors side by side, then one head. docs/baselines/concat.md. Parameters:
 * `head/...`.
 */
export function createConcat(
  signature: DataSignature,
  config: ConcatConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("concat", signature, config, backend, seed, ({ parameters }) => {
    const { hidden, head: widths, dropout } = config;
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
      forward: (tape, blocks, _present, draws) => {
        const joint = concat(tape, blocks, 1); // [B, M * H]
        return { prediction: head.forward(tape, joint, draws), joint: () => joint };
      },
    };
  });
}

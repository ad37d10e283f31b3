import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { largestZScores, STATISTICS_WIDTH } from "../../nn/input-statistics.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { concat } from "../../tensor/ops/shape-ops.js";
import { linearConfigSchema } from "../linear-config.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { ModalityQuality } from "../modality-quality.js";
import { ModalityStatistics } from "../modality-statistics.js";
import { createBaseline } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";

export const concatConfigSchema = z.strictObject({
  ...jointFields,
  inputStatistics: linearConfigSchema.shape.inputStatistics,
  inputQuality: linearConfigSchema.shape.inputQuality,
});
export type ConcatConfig = z.infer<typeof concatConfigSchema>;

/**
 * Concat baseline: concatenates the vectors of the modalities before one head. With `inputStatistics` the
 * head also reads the statistics of each input. A modality's uncertainty is then its largest statistic, which
 * is not trained. With `inputQuality` the head also reads the measured quality of each input. See
 * docs/baselines/concat.md. Parameters: `head/...`, constants `<modality>/statistics/fitted/...` and
 * `<modality>/quality/fitted/...`.
 * @throws ConfigError "config.conflict" for `inputQuality` if the data have no quality
 */
export function createConcat(
  signature: DataSignature,
  config: ConcatConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("concat", signature, config, backend, seed, ({ parameters }) => {
    const { hidden, head: widths, dropout } = config;
    const statistics = config.inputStatistics ? new ModalityStatistics(parameters, signature) : undefined;
    const quality = config.inputQuality
      ? new ModalityQuality(parameters, signature, "inputQuality")
      : undefined;
    const more = quality?.widths.reduce((sum, width) => sum + width, 0) ?? 0;
    const inputs = (hidden + (statistics ? STATISTICS_WIDTH : 0)) * signature.modalities.length + more;
    const head = new PredictionHead(parameters, "head", {
      inputs,
      hidden: widths,
      outputs: outputsOf(signature.task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      ...((statistics ?? quality) && {
        fitStatistics: (train) => {
          statistics?.fit(train);
          quality?.fit(train);
        },
      }),
      forward: (tape, blocks, present, draws, given) => {
        const read = statistics?.forward(tape, given, present) ?? []; // M of [B, S]
        const measured = (quality?.forward(tape, given, present) ?? []).filter((one) => one !== undefined);
        const joint = concat(tape, [...blocks, ...read, ...measured], 1); // [B, M * (H + S) + sum of Q]
        return {
          prediction: head.forward(tape, joint, draws),
          joint: () => joint,
          ...(statistics && {
            uncertainties: () => read.map((one, m) => largestZScores(one, present[m] ?? [])),
          }),
        };
      },
    };
  });
}

export const concatModel = defineModel({
  name: "concat",
  label: "Concat",
  summary: "joins the vectors of all modalities before one head",
  schema: concatConfigSchema,
  tables: ["table1", "table2", "table3"],
  create: createConcat,
});

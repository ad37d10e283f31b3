import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { Linear } from "../../nn/linear.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { concat } from "../../tensor/ops/shape-ops.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";
import { hideModalities } from "./shared/hidden-modalities.js";
import { inputMeans } from "./shared/input-means.js";
import { ModalityGraph } from "./shared/modality-graph.js";
import { recoveryError } from "./shared/recovery-error.js";
import { onlyRows } from "./shared/rows.js";

export const gcnetConfigSchema = z.strictObject({
  ...jointFields,
  graphLayers: z
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe("rounds of message passing between the modalities of a sample (gcnet)"),
  completion: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the reconstruction error of completed modalities (gcnet)"),
  completionRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      "fraction of the training samples from which modalities are hidden, to train the completion " +
        "(gcnet)",
    ),
});
export type GcnetConfig = z.infer<typeof gcnetConfigSchema>;

/**
 * Baseline after GCNet, the graph completion network (Lian et al., TPAMI 2023). Its graph covers the
 * utterances of a conversation; here it covers the modalities of one sample. A missing modality is an empty
 * node that receives messages from the present ones. Training compares the features decoded from its state
 * with its true features. One head reads the states of all nodes. See docs/baselines/gcnet.md. Parameters:
 * `graph/...`, `<modality>/complete/...`, `head/...`.
 */
export function createGcnet(
  signature: DataSignature,
  config: GcnetConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("gcnet", signature, config, backend, seed, ({ parameters, lossKind }) => {
    const { hidden, head: widths, dropout, graphLayers, completion, completionRate } = config;
    const { modalities, task } = signature;
    const graph = new ModalityGraph(
      parameters,
      "graph",
      modalities.map(({ name }) => name),
      hidden,
      graphLayers,
    );
    const decoders = modalities.map(
      ({ name, width }) => new Linear(parameters, `${name}/complete`, hidden, width),
    );
    const head = new PredictionHead(parameters, "head", {
      inputs: hidden * modalities.length,
      hidden: widths,
      outputs: outputsOf(task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      forward: (tape, blocks, present, draws, inputs) => {
        const { seen, hidden: kept } = hideModalities(present, completionRate, "gcnet", draws);
        const states = graph.forward(
          tape,
          blocks.map((block, m) => onlyRows(tape, block, seen[m] ?? [])),
          seen,
        ); // M of [B, H]
        const joint = concat(tape, states, 1); // [B, M * H]
        const prediction = head.forward(tape, joint, draws);
        return {
          prediction,
          joint: () => joint,
          losses: (labels, taught) => {
            const means = inputMeans(tape, inputs, signature); // M of [B, D_m]
            const completions = modalities.flatMap(({ name }, m) => {
              const [state, decoder, own, flags] = [states[m], decoders[m], means[m], kept[m]];
              if (!state || !decoder || !own || !flags) return [];
              return [
                [
                  `completion/${name}`,
                  [recoveryError(tape, [decoder.forward(tape, state)], [own], [flags]), completion],
                ] as const,
              ];
            });
            return {
              task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
              ...Object.fromEntries(completions),
            };
          },
        };
      },
    };
  });
}

export const gcnetModel = defineModel({
  name: "gcnet",
  label: "Modality graph",
  summary: "completes missing modalities over a graph of the modalities of a sample",
  schema: gcnetConfigSchema,
  leastModalities: 2,
  tables: ["table1", "table2"],
  create: createGcnet,
});

import { z } from "zod";
import { outputsOf } from "../../data/dataset.js";
import { CouplingFlow } from "../../nn/coupling-flow.js";
import { Linear } from "../../nn/linear.js";
import { baseLikelihoodLoss } from "../../nn/losses/base-likelihood.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { add } from "../../tensor/ops/elementwise.js";
import { concat, gatherRows } from "../../tensor/ops/shape-ops.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { createBaseline, type FusionParts } from "./shared/baseline.js";
import { jointFields } from "./shared/baseline-config.js";
import { ClassMeans } from "./shared/class-means.js";
import { hideModalities } from "./shared/hidden-modalities.js";
import { recoveryError } from "./shared/recovery-error.js";
import { ResidualAutoencoders } from "./shared/residual-autoencoders.js";
import { onlyRows } from "./shared/rows.js";

export const dicmorConfigSchema = z.strictObject({
  ...jointFields,
  flowLayers: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe("number of coupling layers of each modality's flow (dicmor)"),
  flowLikelihood: z
    .number()
    .min(0)
    .default(0.1)
    .describe("weight of the negative log-likelihood of the flows (dicmor)"),
  recovery: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of the reconstruction error of recovered modalities (dicmor)"),
  recoveryRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      "fraction of the training samples from which modalities are hidden, to train the recovery " +
        "(dicmor)",
    ),
});
export type DicmorConfig = z.infer<typeof dicmorConfigSchema>;

/**
 * DiCMoR, distribution-consistent modal recovering (Wang, Cui & Li, ICCV 2023). A normalising flow per
 * modality maps its vectors to a Gaussian that all modalities share, with one mean per class (regression
 * labels are rounded to seven classes). The inverse of its flow recovers a missing modality from the mean
 * position of the present modalities under that Gaussian. One head reads the vectors, with recovered ones in
 * place of missing ones. See docs/baselines/dicmor.md. Parameters: `<modality>/embedding/...`,
 * `<modality>/flow/...`, `<modality>/refine/...`, `flow/means`, `head/...`, and for a regression the constant
 * `flow/range`.
 * @throws ConfigError for a hidden width of 1
 */
export function createDicmor(
  signature: DataSignature,
  config: DicmorConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return createBaseline("dicmor", signature, config, backend, seed, (parts) => {
    const { hidden, head: widths, dropout, flowLikelihood, recovery, recoveryRate } = config;
    const { task, modalities } = signature;
    const branches = modalities.map(({ name }) => new Branch(parts, name, config));
    const means = new ClassMeans(parts.parameters, task, hidden);
    const head = new PredictionHead(parts.parameters, "head", {
      inputs: hidden * modalities.length,
      hidden: widths,
      outputs: outputsOf(task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      ...(task.kind === "regression" && {
        fitStatistics: (train) => {
          means.fit(train.labels);
        },
      }),
      forward: (tape, blocks, present, draws) => {
        const drawn = hideModalities(present, recoveryRate, "dicmor", draws);
        const embedded = branches.map((branch, m) =>
          branch.embedding.forward(tape, blocks[m] ?? tape.constant([], [0, hidden])),
        ); // M of [B, H]
        const recovered = recover(tape, branches, embedded, drawn.seen); // M of [B, H]
        const complete = recovered.map((one, m) =>
          add(tape, onlyRows(tape, embedded[m] ?? one, drawn.seen[m] ?? []), one),
        ); // each row has a value in only one of the two
        const joint = concat(tape, complete, 1); // [B, M * H]
        const prediction = head.forward(tape, joint, draws);
        return {
          prediction,
          joint: () => joint,
          losses: (labels, taught) => {
            const likelihoods = modalities.map(({ name }, m) => {
              const rows = Array.from(present[m] ?? [], (_, b) => b).filter(
                (b) => present[m]?.[b] !== 0 && (taught === undefined || b < taught),
              );
              return [
                `flow/${name}`,
                [likelihood(tape, branches[m], embedded[m], rows, means, labels), flowLikelihood],
              ] as const;
            });
            return {
              task: [taskLoss(tape, parts.lossKind, prediction, labels, taught), 1],
              ...Object.fromEntries(likelihoods),
              recovery: [recoveryError(tape, recovered, embedded, drawn.hidden), recovery],
            };
          },
        };
      },
    };
  });
}

/** Modules of one modality. */
class Branch {
  readonly embedding: Linear;
  readonly flow: CouplingFlow;
  /** Refines a recovered vector. */
  readonly refine: ResidualAutoencoders;

  constructor({ parameters }: FusionParts, name: string, { hidden, flowLayers }: DicmorConfig) {
    this.embedding = new Linear(parameters, `${name}/embedding`, hidden, hidden);
    this.flow = new CouplingFlow(parameters, `${name}/flow`, hidden, flowLayers);
    this.refine = new ResidualAutoencoders(parameters, `${name}/refine`, hidden, hidden, 1);
  }
}

/**
 * Recovers each modality from the mean position of the seen ones under the shared Gaussian, M of [B, H]. Rows
 * are zero for samples in which the modality itself is seen, or none is.
 * @param seen M of [B]
 */
function recover(
  tape: Tape,
  branches: readonly Branch[],
  embedded: readonly Tensor[],
  seen: readonly Uint8Array[],
): Tensor[] {
  const batch = seen[0]?.length ?? 0;
  const counts = Array.from({ length: batch }, (_, b) => seen.filter((flags) => flags[b] !== 0).length);
  const shares = branches.map((branch, m) => {
    const weights = Float64Array.from(counts, (count, b) => (seen[m]?.[b] === 0 ? 0 : 1 / count));
    // [B, H]
    return onlyRows(tape, branch.flow.forward(tape, embedded[m] ?? tape.constant([], [0, 0])).z, weights);
  });
  const base = shares.reduce((sum, share) => add(tape, sum, share)); // [B, H]
  return branches.map((branch, m) => {
    const missing = Uint8Array.from(counts, (count, b) => (count > 0 && seen[m]?.[b] === 0 ? 1 : 0));
    return onlyRows(tape, branch.refine.forward(tape, branch.flow.inverse(tape, base)).output, missing);
  });
}

/**
 * Computes the negative log-likelihood of a modality's vectors, which are constants here. A gradient into
 * them would shrink them to a point, where the density is unbounded.
 * @param rows samples that have the modality
 */
function likelihood(
  tape: Tape,
  branch: Branch | undefined,
  embedded: Tensor | undefined,
  rows: readonly number[],
  means: ClassMeans,
  labels: ArrayLike<number>,
): Tensor {
  if (!branch || !embedded || rows.length === 0) return tape.constant([0], []);
  const flowed = branch.flow.forward(tape, gatherRows(tape, tape.detached(embedded), rows)); // [R, H]
  return baseLikelihoodLoss(tape, flowed, means.of(tape, rows, labels));
}

export const dicmorModel = defineModel({
  name: "dicmor",
  label: "DiCMoR",
  summary: "recovers missing modalities by flows between distributions (Wang et al., 2023)",
  schema: dicmorConfigSchema,
  leastModalities: 2,
  tables: ["table1", "table2"],
  create: createDicmor,
});

import { z } from "zod";
import { FEATURE_KINDS } from "../corruption/feature-kinds.js";
import { isFeatureCorruption } from "../corruption/register-corruption.js";
import { normaliserKinds } from "../data/normaliser.js";

/** Value of `copies` for the corrupted copies of the data set. */
export const RAW_COPIES = "raw"; // registerCorruption refuses this name

function isCopyKind(kind: string): boolean {
  return kind === RAW_COPIES || isFeatureCorruption(kind);
}

/** Schema of the options of training. Every option has a default. */
export const trainConfigSchema = z.strictObject({
  seed: z.int().min(0).default(1).describe("seed of initial weights, batch order, dropout and sampling"),
  epochs: z.int().min(1).max(100_000).default(100).describe("maximum number of epochs"),
  batchSize: z.int().min(1).max(65_536).default(16).describe("samples per step"),
  optimiser: z
    .enum(["adam", "adamw"])
    .default("adam")
    .describe("adam: decay as an L2 term; adamw: decoupled decay"),
  learningRate: z.number().positive().default(1e-3).describe("initial learning rate"),
  weightDecay: z.number().min(0).default(0).describe("weight decay"),
  schedule: z.enum(["plateau", "cosine", "constant"]).default("plateau").describe("learning rate schedule"),
  plateauPatience: z
    .int()
    .min(0)
    .default(2)
    .describe("epochs without improvement before the learning rate drops (plateau)"),
  plateauFactor: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.9)
    .describe("factor on the learning rate at each drop (plateau)"),
  warmupSteps: z.int().min(0).default(0).describe("steps over which the learning rate rises linearly from 0"),
  clipNorm: z.number().min(0).default(0).describe("largest global gradient norm; 0 for no clipping"),
  averageDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "decay of an exponential moving average of the weights, which is validated and saved instead of " +
        "the weights; 0 for none",
    ),
  patience: z
    .int()
    .min(0)
    .default(20)
    .describe("epochs without a better validation score before training stops; 0 to never stop early"),
  selectBy: z
    .string()
    .default("loss")
    .describe(
      "validation quantity that chooses the epoch: loss (the task loss), or a metric name; last for the " +
        "last epoch (patience then stops nothing), because variances that learn from copies do not lower " +
        "the task loss",
    ),
  outputStart: z
    .enum(["mean", "zero"])
    .default("mean")
    .describe("initial output bias. mean: mean of the training labels, or log class frequencies; zero: 0"),
  modalityDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "probability that a modality is removed from a training sample; each sample keeps at least one",
    ),
  copies: z
    .array(z.string().refine(isCopyKind, "expected raw, or a kind of corruption that changes features"))
    .max(100)
    .default([])
    .describe(
      "corrupted copies for training: each step adds a copy of each sample. raw: the copies of the " +
        "data set, with corrupted media; it excludes other kinds. Otherwise kinds of corruption of " +
        `features; each copy gets a random kind and severity: ${Object.keys(FEATURE_KINDS).join(", ")}; ` +
        "empty for no copies",
    ),
  copiesKeep: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe("probability that a modality of a copy stays clean (needs copies)"),
  copiesTeach: z
    .boolean()
    .default(true)
    .describe(
      "train the prediction on copies too; otherwise copies train only the other parts of the model, " +
        "such as the variances (needs copies)",
    ),
  normalise: z
    .enum(normaliserKinds)
    .default("auto")
    .describe(
      "scaling of features. zscore: standardise each feature with the mean and standard deviation of " +
        "the training split; unit: zscore, then scale the vectors to the typical length " +
        "--normalise-length; centre: subtract the mean, then scale all features by one number to that " +
        "length; auto: unchanged if all vectors of a modality have length 1, otherwise as unit; none: " +
        "unchanged",
    ),
  normaliseLength: z
    .number()
    .positive()
    .default(1)
    .describe("typical length of a feature vector (unit, centre, auto)"),
  normaliseClip: z
    .number()
    .min(0)
    .default(10)
    .describe("largest absolute value of standardised features, in standard deviations; 0 for no clipping"),
});

/** Complete options of training, as {@link trainConfigSchema} describes them. */
export type TrainConfig = z.infer<typeof trainConfigSchema>;

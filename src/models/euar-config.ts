import { z } from "zod";
import type { SchemaLibrary } from "./losses/loss.js";
import { euarLossList, schemasOf } from "./losses/loss-list.js";
import { sharedFields } from "./shared-fields.js";

const library: SchemaLibrary = {
  number: z.number,
  boolean: z.boolean,
  enum: z.enum,
  strictObject: z.strictObject,
};

const rate = z.number().min(0).lt(1).default(0);

/** Encoder of a modality: makes one vector of its steps. */
const encoder = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("mean") }),
    z.strictObject({ kind: z.literal("mlp") }),
    z.strictObject({
      kind: z.literal("sequence"),
      layers: z.int().min(1).max(24).default(3).describe("transformer layers"),
      heads: z.int().min(1).max(64).default(4).describe("attention heads; must divide hidden"),
      norm: z
        .enum(["pre", "post"])
        .default("pre")
        .describe("layer norm before each transformer sublayer, or after its residual sum"),
      pooling: z
        .enum(["mean", "last"])
        .default("mean")
        .describe("masked mean of the steps, or the last real step"),
      ignorePadding: z.boolean().default(true).describe("ignore padding; false treats padding steps as real"),
      dropout: rate.describe("dropout after each transformer sublayer and inside its feed-forward part"),
      attentionDropout: rate.describe("dropout on attention weights"),
      embeddingDropout: rate.describe("dropout on the input of the transformer"),
    }),
  ])
  .prefault({ kind: "mean" })
  .meta({
    description:
      "encoder of each modality. mean: masked mean over time; mlp: masked mean and a hidden layer of " +
      "width H; sequence: conv1d and a transformer of width H",
    alias: "encoder",
  });

/** The Gaussian experts of each modality and their router. */
const experts = z
  .strictObject({
    count: z
      .int()
      .min(1)
      .max(1024)
      .default(8)
      .meta({ description: "experts N per modality", alias: "experts" }),
    topK: z.int().min(1).max(1024).default(3).meta({
      description: "number K of experts selected per sample and modality; at most N",
      alias: "top-k",
    }),
    gate: z
      .enum(["paper", "batch-normalised", "random"])
      .default("paper")
      .meta({
        description:
          "paper: Eq. 5; batch-normalised: the published code's gate, which divides by the batch's column " +
          "sum; random: no router, each sample gets random gates (for comparison)",
        alias: "gate",
      }),
    exploration: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .meta({
        description:
          "probability that a training sample has random gates, so that every expert learns from samples " +
          "of all kinds; 0 if absent",
        alias: "exploration",
      }),
    sampling: z
      .enum(["train", "never"])
      .default("train")
      .meta({ description: "sample z in training (Eq. 3), or always use mu", alias: "sampling" }),
    logVarMin: z.number().default(-8).describe("lower clamp of the log-variance"),
    logVarMax: z.number().default(5).describe("upper clamp of the log-variance"),
  })
  .prefault({});

/** Losses of Eq. 12. A loss that is null is not computed. */
const losses = z.strictObject(schemasOf(library, euarLossList.losses)).prefault({});

/**
 * Parts and losses that make the variances and the gate follow the corruption of an input. Null switches a
 * part off.
 */
const awareness = z
  .strictObject({
    statistics: z
      .strictObject({
        hidden: z.int().min(1).max(1024).meta({
          description: "hidden units of the layer between the statistics and the variances",
          alias: "statistics",
        }),
        dropout: rate.describe(
          "dropout on the statistics in training, so that the layer relies on each of them",
        ),
        gate: z.boolean().default(false).describe("let the gate read the statistics too"),
        steadyRate: z
          .number()
          .positive()
          .max(1000)
          .optional()
          .describe(
            "factor on the learning rate of the linear shortcut (needs steady): a linear layer on features " +
              "of length 1 learns more slowly than the experts; 1 if absent",
          ),
        ...schemasOf(library, euarLossList["awareness.statistics"]),
      })
      .nullable()
      .default(null)
      .describe(
        "statistics of each input (loudness, silence, distance from the training data), which raise " +
          "the variances of unusual inputs",
      ),
    quality: z
      .boolean()
      .optional()
      .meta({
        description:
          "let the router and the variances read the measured quality of each input (needs features of " +
          "euar extract)",
        alias: "quality",
      }),
    variance: z
      .int()
      .min(1)
      .max(1024)
      .nullable()
      .optional()
      .meta({
        description:
          "hidden units of a layer that reads the features of each input and their squares, and adds to " +
          "the log-variances of its experts; none if absent",
        alias: "variance",
      }),
    ...schemasOf(library, euarLossList.awareness),
  })
  .prefault({});

/**
 * Options of EUAR. Every default is that of the paper, or the documented choice if the paper leaves it open
 * (docs/deviations.md). A part that is null does not exist: it has no parameters, no loss and no cost.
 */
export const euarConfigSchema = z.strictObject({
  hidden: sharedFields.hidden,
  inputDropout: sharedFields.inputDropout,
  encoder,
  experts,
  fusion: z
    .enum(["concat", "add", "precision", "mean", "sum"])
    .default("concat")
    .describe(
      "how modalities are joined: features concatenated or added before one head, or one head per " +
        "modality, with predictions that are added: each shrunk by the precision of its experts " +
        "(precision), with shares of the precisions (mean), or with equal weights (sum)",
    ),
  head: sharedFields.head
    .unwrap()
    .nullable()
    .default(sharedFields.head.parse(undefined))
    .describe(
      "hidden widths of the prediction head; empty for one fully connected layer; null for none: the " +
        "experts predict the outputs themselves (null needs fusion precision, mean or sum)",
    ),
  headNorm: z.boolean().default(false).describe("layer norm before each ReLU of the head"),
  trust: z
    .enum(["all", "informative"])
    .optional()
    .describe(
      "modalities that a prediction uses: all, or those that alone are better than a constant on the " +
        "validation split (informative; needs fusion precision, mean or sum). Samples that have no such " +
        "one get a constant; all if absent",
    ),
  dropout: sharedFields.dropout,
  taskLoss: sharedFields.taskLoss,
  losses,
  awareness,
});

/** Complete options of EUAR, as {@link euarConfigSchema} describes them. */
export type EuarConfig = z.infer<typeof euarConfigSchema>;

/** Options as a user writes them. Absent options take their defaults. */
export type EuarOptions = z.input<typeof euarConfigSchema>;

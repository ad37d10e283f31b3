import { z } from "zod";

/**
 * Reading of Eq. 7-9. See paper notes: `paper` = 1/N sum R_j P_j, `switch` = N sum f_j P_j, `topk` = N^2
 * mean_j(D_j P_j).
 */
export const balanceLosses = ["paper", "switch", "topk"] as const;

/**
 * The EUAR model. Every default is the paper's, or the documented choice where the paper is silent
 * (docs/deviations.md).
 */
export const euarConfigSchema = z.strictObject({
  hidden: z
    .int()
    .min(1)
    .max(4096)
    .default(72)
    .describe("width H of mu and sigma, and of the joint feature per modality"),
  experts: z.int().min(1).max(1024).default(8).describe("experts N per modality"),
  topK: z
    .int()
    .min(1)
    .max(1024)
    .default(3)
    .describe("experts K chosen per sample and modality; clamped to N"),
  alpha: z.number().min(0).default(1e-3).describe("weight of the KL loss (Eq. 4, 12)"),
  beta: z.number().min(0).default(1e-5).describe("weight of the load-balance loss (Eq. 7, 12)"),
  lambda: z.number().min(0).default(1e-3).describe("weight of the uncertainty loss (Eq. 10, 12)"),
  klReduction: z.enum(["mean", "sum"]).default("mean").describe("how Eq. 4 is reduced over the H dimensions"),
  klOver: z
    .enum(["selected", "all"])
    .default("selected")
    .describe("experts whose KL counts: the K selected, or all N (then all N run)"),
  balance: z.enum(balanceLosses).default("paper").describe("variant of the load-balance loss"),
  uncertaintyReduction: z
    .enum(["mean", "sum"])
    .default("mean")
    .describe("sigma^2 in Eq. 10: mean over H with the factor 1/N, or sum over H without it"),
  stopSigmaGradient: z
    .boolean()
    .default(false)
    .describe("let the uncertainty loss train only the gate, not sigma"),
  sampling: z
    .enum(["train", "never"])
    .default("train")
    .describe("sample z in training (Eq. 3), or always use mu"),
  logVarMin: z.number().default(-8).describe("lower clamp of the log-variance"),
  logVarMax: z.number().default(5).describe("upper clamp of the log-variance"),
  gate: z
    .enum(["paper", "batch-normalised"])
    .default("paper")
    .describe("Eq. 5, or the published code's gate, which divides by the batch's column sum"),
  encoder: z
    .enum(["mean", "mlp", "sequence"])
    .default("mean")
    .describe(
      "mean: masked mean over time; mlp: then a hidden layer of width H; sequence: conv1d and a transformer of width H",
    ),
  encoderLayers: z.int().min(1).max(24).default(3).describe("transformer layers (sequence encoder)"),
  encoderHeads: z.int().min(1).max(64).default(4).describe("attention heads (sequence encoder)"),
  encoderNorm: z
    .enum(["pre", "post"])
    .default("pre")
    .describe("layer norm before each transformer sublayer, or after its residual sum (sequence encoder)"),
  encoderPooling: z
    .enum(["mean", "last"])
    .default("mean")
    .describe("masked mean of the steps, or the last real step (sequence encoder)"),
  encoderMask: z
    .boolean()
    .default(true)
    .describe("ignore padding; false treats padding steps as real (sequence encoder)"),
  encoderDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("dropout after each transformer sublayer and inside its feed-forward part (sequence encoder)"),
  attentionDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("dropout on attention weights (sequence encoder)"),
  embeddingDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("dropout on the input of the transformer (sequence encoder)"),
  fusion: z.enum(["concat", "add"]).default("concat").describe("how modality features are joined"),
  head: z
    .array(z.int().min(1).max(4096))
    .max(8)
    .default([72])
    .describe("hidden widths of the prediction head; empty for one fully connected layer"),
  headNorm: z.boolean().default(false).describe("layer norm before each ReLU of the head"),
  taskLoss: z
    .enum(["auto", "mse", "l1", "huber", "cross-entropy", "binary-cross-entropy"])
    .default("auto")
    .describe(
      "auto: mse for regression (Eq. 11), cross-entropy for classes, binary-cross-entropy for several labels",
    ),
  taskWeight: z.number().positive().default(1).describe("weight of the task loss"),
  inputDropout: z.number().min(0).lt(1).default(0).describe("dropout on the features that enter the experts"),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("dropout on the joint feature and between head layers"),
  statistics: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe(
      "hidden units of a layer by which statistics of the input (how loud, how silent, how far from the training data's directions) raise all variances; 0 for none",
    ),
  statisticsDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "dropout on the statistics of the input in training, so that each of them counts by itself (statistics)",
    ),
  statisticsGate: z
    .boolean()
    .default(false)
    .describe("let the gate see the statistics of the input too (needs statistics)"),
  ranking: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of a loss by which the more severely corrupted of two copies, of the same kind or one of them whole, shall be the more uncertain (needs copies)",
    ),
  specialisation: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of a loss by which copies that were damaged alike shall go to the same experts, and others to others (needs copies)",
    ),
  steady: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of the loss of a linear path that answers where no input is strange; 0 for no such path (needs statistics)",
    ),
  certainty: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of the loss of a head that predicts a sample's error from the uncertainties of its modalities; 0 for no such head",
    ),
});

export type EuarConfig = z.infer<typeof euarConfigSchema>;

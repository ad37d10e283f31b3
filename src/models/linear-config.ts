import { z } from "zod";

/** Schema of the linear model on the concatenated means of the modalities. Every option has a default. */
export const linearConfigSchema = z.strictObject({
  inputStatistics: z
    .boolean()
    .optional()
    .describe(
      "read statistics of each input too, as --statistics does for EUAR. The uncertainty of a modality " +
        "is then its largest robust z-score (linear, concat)",
    ),
  inputQuality: z
    .boolean()
    .optional()
    .describe(
      "read the measured quality of each input too, as --quality does for EUAR (needs features of " +
        "euar extract; linear, concat)",
    ),
  inputDropout: z.number().min(0).lt(1).default(0).describe("dropout on the features"),
  taskLoss: z
    .enum(["auto", "mse", "l1", "huber", "cross-entropy", "binary-cross-entropy"])
    .default("auto")
    .describe("auto: mse for regression, cross-entropy for classes, binary-cross-entropy for several labels"),
});

/** Complete options of the linear model, as {@link linearConfigSchema} describes them. */
export type LinearConfig = z.infer<typeof linearConfigSchema>;

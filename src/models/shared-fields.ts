import { z } from "zod";

/** Options that several models share. Each has one flag. */
export const sharedFields = {
  hidden: z
    .int()
    .min(1)
    .max(4096)
    .default(72)
    .describe("width H of mu and sigma, and of the joint feature per modality"),
  inputDropout: z.number().min(0).lt(1).default(0).describe("dropout on the features"),
  head: z
    .array(z.int().min(1).max(4096))
    .max(8)
    .default([72])
    .describe("hidden widths of the prediction head; empty for one fully connected layer"),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("dropout on the joint feature and between head layers"),
  taskLoss: z
    .enum(["auto", "mse", "l1", "huber", "cross-entropy", "binary-cross-entropy"])
    .default("auto")
    .describe(
      "auto: mse for regression (Eq. 11), cross-entropy for classes, binary-cross-entropy for several labels",
    ),
};

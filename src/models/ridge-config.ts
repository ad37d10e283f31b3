import { z } from "zod";

/** The linear model in closed form: each epoch solves for a smaller penalty. */
export const ridgeConfigSchema = z.strictObject({
  penalty: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(10)
    .describe("weight of the squared weights beside the mean squared error in the first epoch"),
  penaltyFactor: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.5)
    .describe("factor on the penalty from one epoch to the next"),
  penaltyPerModality: z
    .boolean()
    .default(false)
    .describe("give each modality a penalty of its own, searched on validation data after a shared one"),
});

export type RidgeConfig = z.infer<typeof ridgeConfigSchema>;

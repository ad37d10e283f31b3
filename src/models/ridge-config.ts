import { z } from "zod";

/** Options of the linear model in closed form. Each epoch solves it with a smaller penalty. */
export const ridgeConfigSchema = z.strictObject({
  penalty: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(10)
    .describe("penalty on the squared weights in the first epoch, relative to the mean squared error"),
  penaltyFactor: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.5)
    .describe("factor on the penalty from one epoch to the next"),
  penaltyPerModality: z
    .boolean()
    .default(false)
    .describe("search a separate penalty for each modality on validation data, after the shared one"),
});

export type RidgeConfig = z.infer<typeof ridgeConfigSchema>;

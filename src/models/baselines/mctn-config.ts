import { z } from "zod";
import { jointFields } from "./shared/baseline-config.js";

export const mctnConfigSchema = z.strictObject({
  ...jointFields,
  translationSource: z
    .string()
    .min(1)
    .optional()
    .describe(
      "modality that is translated into the others, and the only one that predictions are made from; the first if left out (mctn)",
    ),
  translation: z.number().min(0).default(0.1).describe("weight of the error of each translation (mctn)"),
  translationCycle: z
    .number()
    .min(0)
    .default(0.1)
    .describe("weight of the error of each translation back (mctn)"),
});
export type MctnConfig = z.infer<typeof mctnConfigSchema>;

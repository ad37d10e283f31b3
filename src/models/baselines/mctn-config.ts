import { z } from "zod";
import { jointFields } from "./shared/baseline-config.js";

export const mctnConfigSchema = z.strictObject({
  ...jointFields,
  translationSource: z
    .string()
    .min(1)
    .optional()
    .describe(
      "source modality: it is translated into the others, and predictions are made from it alone " +
        "(default: the first) (mctn)",
    ),
  translation: z.number().min(0).default(0.1).describe("weight of the error of each translation (mctn)"),
  translationCycle: z
    .number()
    .min(0)
    .default(0.1)
    .describe("weight of the error of each back-translation (mctn)"),
});
export type MctnConfig = z.infer<typeof mctnConfigSchema>;

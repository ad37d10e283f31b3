import { z } from "zod";

const metrics = z.record(z.string(), z.number().nullable());

/** A trained model under one condition. */
const measuredSchema = z.strictObject({
  label: z.string(),
  metrics,
  /** Mean over the samples, by modality; null for models without uncertainties. */
  uncertainty: z.record(z.string(), z.number().nullable()),
  /** Area under the risk-coverage line; null without uncertainties. */
  riskCoverage: z.number().nullable(),
  /** [N * outputs]: values (regression), or [N]: the index of the most probable class. */
  predictions: z.array(z.number()),
});

export const jobResultSchema = z.strictObject({
  hash: z.string(),
  bestEpoch: z.number(),
  valid: metrics,
  /** Of the test split: [N * targets] or [N] class indices. The same for every condition. */
  labels: z.array(z.number()),
  conditions: z.array(measuredSchema),
});

export type Measured = z.infer<typeof measuredSchema>;
export type JobResult = z.infer<typeof jobResultSchema>;

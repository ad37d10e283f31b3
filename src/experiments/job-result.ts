import { z } from "zod";

const metrics = z.record(z.string(), z.number().nullable());
const bin = z.strictObject({ samples: z.number(), predicted: z.number(), actual: z.number() });

/** Predicted reliability of a model's predictions together with the observed one, in the same units. */
const reliabilitySchema = z.strictObject({
  /**
   * "confidence": probability of the most probable class, compared with the accuracy.
   * "expected-error": output of the head for the error, compared with the error.
   * "spread": absolute error that the predicted Gaussian expects, compared with the error.
   */
  promise: z.enum(["confidence", "expected-error", "spread"]),
  bins: z.array(bin),
  /** Mean gap between predicted and observed value. For confidences, the expected calibration error. */
  gap: z.number(),
});

const selectiveSchema = z.strictObject({
  /**
   * Order in which samples are kept: least uncertainty first (least expected error if there is a head for
   * it), or highest confidence first.
   */
  by: z.enum(["uncertainty", "confidence"]),
  area: z.number(),
  points: z.array(z.strictObject({ coverage: z.number(), risk: z.number() })),
});

const severityBinSchema = z.strictObject({
  kind: z.string(),
  samples: z.number(),
  severity: z.number(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
});

const routingSchema = z.strictObject({
  load: z.array(z.number()),
  unused: z.number(),
  /** Share of each expert by kind of corruption, if known. */
  byKind: z.record(z.string(), z.array(z.number())).nullable(),
  /** Mutual information in bits. */
  information: z.number().nullable(),
});

/** Two-dimensional embedding of some test samples. */
const embeddingSchema = z.strictObject({
  /** Rows of the samples in the test split. */
  rows: z.array(z.number()),
  points: z.array(z.tuple([z.number(), z.number()])),
  /**
   * Mean fraction of the 10 nearest neighbours, among the joint features, that are in the sample's own group.
   * Null for fewer than two samples.
   */
  agreement: z.number().nullable(),
});

/**
 * Diagnostics of single samples, by modality. Lists over all samples; null where a sample lacks the modality.
 */
const samplesSchema = z.record(
  z.string(),
  z.strictObject({
    uncertainty: z.array(z.number().nullable()),
    contribution: z.array(z.number().nullable()),
    /** Expert indices [N][K], for models with experts. */
    experts: z.array(z.array(z.number())).nullable(),
    gates: z.array(z.array(z.number().nullable())).nullable(),
    sigma2: z.array(z.array(z.number().nullable())).nullable(),
  }),
);

/** Measurements of a trained model under one condition. */
const measuredSchema = z.strictObject({
  label: z.string(),
  metrics,
  /** Mean over the samples, by modality. Null for models without uncertainties. */
  uncertainty: z.record(z.string(), z.number().nullable()),
  reliability: z.array(reliabilitySchema),
  selective: z.array(selectiveSchema),
  /**
   * Coverage of prediction intervals or sets of classes, by nominal level. "byUncertainty": coverage at 0.9
   * in the least uncertain, middle and most uncertain third of the samples.
   */
  coverage: z.strictObject({
    levels: z.array(
      z.strictObject({ level: z.number(), coverage: z.number().nullable(), meanSize: z.number().nullable() }),
    ),
    byUncertainty: z.array(z.number().nullable()),
  }),
  /** Uncertainty by true severity, and their rank correlation, by modality. Only for known corruption. */
  severity: z.record(
    z.string(),
    z.strictObject({
      bins: z.array(severityBinSchema),
      all: z.number().nullable(),
      byKind: z.record(z.string(), z.number().nullable()),
    }),
  ),
  /** Routing by modality. Empty for models without experts. */
  routing: z.record(z.string(), routingSchema),
  embedding: embeddingSchema.nullable(),
  samples: samplesSchema.nullable(),
  /** Uncertainty of each sample, by modality. Null where it is unknown. Only if the condition asks for it. */
  uncertainties: z.record(z.string(), z.array(z.number().nullable())).optional(),
  /** Values [N * outputs] for regression, or indices [N] of the most probable class. */
  predictions: z.array(z.number()),
});

/** Curves over the epochs. */
const curvesSchema = z.strictObject({
  /** Task loss on the training split. */
  train: z.array(z.number().nullable()),
  valid: z.array(z.number().nullable()),
  /** Metrics of the validation split, by name. */
  metrics: z.record(z.string(), z.array(z.number().nullable())),
});

/** Schema of a stored job result. */
export const jobResultSchema = z.strictObject({
  hash: z.string(),
  bestEpoch: z.number(),
  curves: curvesSchema,
  valid: metrics,
  /** Labels of the test split: [N * targets], or [N] class indices. The same for every condition. */
  labels: z.array(z.number()),
  conditions: z.array(measuredSchema),
});

export type Measured = z.infer<typeof measuredSchema>;
/** Measurements of one job: metrics, diagnostics and predictions under each of its conditions. */
export type JobResult = z.infer<typeof jobResultSchema>;

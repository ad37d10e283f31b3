import { z } from "zod";

const metrics = z.record(z.string(), z.number().nullable());
const bin = z.strictObject({ samples: z.number(), predicted: z.number(), actual: z.number() });

/** What a model promises of its predictions, in the units of what comes, beside what came. */
const reliabilitySchema = z.strictObject({
  /**
   * "confidence": of the most probable class, beside the share of right ones. "expected-error": of the head
   * for it; "spread": the absolute error that its Gaussian expects; both beside the error made.
   */
  promise: z.enum(["confidence", "expected-error", "spread"]),
  bins: z.array(bin),
  /** Mean gap between promise and outcome; for confidences the expected calibration error. */
  gap: z.number(),
});

const selectiveSchema = z.strictObject({
  /**
   * What samples are answered by: least uncertainty (where there is a head for errors, least expected error)
   * or most confidence first.
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
  /** Shares of the experts by kind of corruption, where it is known. */
  byKind: z.record(z.string(), z.array(z.number())).nullable(),
  /** Bits. */
  information: z.number().nullable(),
});

/** Places of some test samples in the plane. */
const embeddingSchema = z.strictObject({
  /** Of the samples in the test split. */
  rows: z.array(z.number()),
  points: z.array(z.tuple([z.number(), z.number()])),
  /**
   * Mean share of the 10 nearest neighbours among the joint features that are of the sample's own group; null
   * for fewer than two samples.
   */
  agreement: z.number().nullable(),
});

/**
 * What a model says about single samples, by modality; lists over all samples, null where a sample does not
 * have the modality.
 */
const samplesSchema = z.record(
  z.string(),
  z.strictObject({
    uncertainty: z.array(z.number().nullable()),
    contribution: z.array(z.number().nullable()),
    /** [N][K], for models with experts. */
    experts: z.array(z.array(z.number())).nullable(),
    gates: z.array(z.array(z.number().nullable())).nullable(),
    sigma2: z.array(z.array(z.number().nullable())).nullable(),
  }),
);

/** A trained model under one condition. */
const measuredSchema = z.strictObject({
  label: z.string(),
  metrics,
  /** Mean over the samples, by modality; null for models without uncertainties. */
  uncertainty: z.record(z.string(), z.number().nullable()),
  reliability: z.array(reliabilitySchema),
  selective: z.array(selectiveSchema),
  /**
   * How often intervals or sets of classes hold the truth, by what they promise; "byUncertainty": at 0.9, for
   * the least uncertain third of the samples, the middle one, and the most uncertain.
   */
  coverage: z.strictObject({
    levels: z.array(
      z.strictObject({ level: z.number(), coverage: z.number().nullable(), meanSize: z.number().nullable() }),
    ),
    byUncertainty: z.array(z.number().nullable()),
  }),
  /**
   * By modality: uncertainty along the true severity, and their rank correlation, where the corruption is
   * known.
   */
  severity: z.record(
    z.string(),
    z.strictObject({
      bins: z.array(severityBinSchema),
      all: z.number().nullable(),
      byKind: z.record(z.string(), z.number().nullable()),
    }),
  ),
  /** By modality; empty for models without experts. */
  routing: z.record(z.string(), routingSchema),
  embedding: embeddingSchema.nullable(),
  samples: samplesSchema.nullable(),
  /** [N * outputs]: values (regression), or [N]: the index of the most probable class. */
  predictions: z.array(z.number()),
});

/** Over the epochs. */
const curvesSchema = z.strictObject({
  /** Task loss. */
  train: z.array(z.number().nullable()),
  valid: z.array(z.number().nullable()),
  /** Of the validation split, by name. */
  metrics: z.record(z.string(), z.array(z.number().nullable())),
});

export const jobResultSchema = z.strictObject({
  hash: z.string(),
  bestEpoch: z.number(),
  curves: curvesSchema,
  valid: metrics,
  /** Of the test split: [N * targets] or [N] class indices. The same for every condition. */
  labels: z.array(z.number()),
  conditions: z.array(measuredSchema),
});

export type Measured = z.infer<typeof measuredSchema>;
export type JobResult = z.infer<typeof jobResultSchema>;

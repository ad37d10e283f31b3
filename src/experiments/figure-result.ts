import { z } from "zod";

const role = z.enum(["euar", "variant", "baseline"]);
/** Over the seeds; the deviation is null for one. */
const spread = z.strictObject({ mean: z.number(), deviation: z.number().nullable() });
const head = { name: z.string(), title: z.string(), caption: z.string() };

const curvesSchema = z.strictObject({
  kind: z.literal("curves"),
  ...head,
  metric: z.string(),
  rows: z.array(
    z.strictObject({
      label: z.string(),
      role,
      /** By seed. */
      bestEpochs: z.array(z.number()),
      points: z.array(
        z.strictObject({
          epoch: z.number(),
          runs: z.number(),
          train: spread.nullable(),
          valid: spread.nullable(),
          metric: spread.nullable(),
        }),
      ),
    }),
  ),
});

const embeddingSchema = z.strictObject({
  kind: z.literal("embedding"),
  ...head,
  groups: z.array(z.string()),
  /** The agreement that places by chance would have. */
  chance: z.number(),
  panels: z.array(
    z.strictObject({
      model: z.string(),
      condition: z.string(),
      agreement: z.number().nullable(),
      /** Horizontal, vertical, index of the group. */
      points: z.array(z.tuple([z.number(), z.number(), z.number()])),
    }),
  ),
});

const inputSchema = z.strictObject({
  modality: z.string(),
  present: z.boolean(),
  /** Of its true corruption; null where it is not known. */
  kind: z.string().nullable(),
  severity: z.number().nullable(),
  uncertainty: z.number().nullable(),
  contribution: z.number().nullable(),
  experts: z.array(
    z.strictObject({ expert: z.number(), gate: z.number().nullable(), sigma2: z.number().nullable() }),
  ),
});

const casesSchema = z.strictObject({
  kind: z.literal("cases"),
  ...head,
  /** The model that EUAR is compared with. */
  against: z.string(),
  /** Whether the data have texts, and whether they were asked for. */
  texts: z.enum(["shown", "left out", "none"]),
  cases: z.array(
    z.strictObject({
      condition: z.string(),
      id: z.string(),
      better: z.string(),
      text: z.string().nullable(),
      truth: z.string(),
      predictions: z.array(z.strictObject({ model: z.string(), prediction: z.string(), error: z.number() })),
      inputs: z.array(inputSchema),
    }),
  ),
});

const bin = z.strictObject({ samples: z.number(), predicted: z.number(), actual: z.number() });
const severityBin = z.strictObject({
  kind: z.string(),
  samples: z.number(),
  severity: z.number(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
});

const uncertaintySchema = z.strictObject({
  kind: z.literal("uncertainty"),
  ...head,
  /** Of the risk: absolute errors or wrong classes. */
  risk: z.enum(["absolute error", "error rate"]),
  rows: z.array(
    z.strictObject({
      label: z.string(),
      role,
      reliability: z.array(
        z.strictObject({
          promise: z.enum(["confidence", "expected-error", "spread"]),
          gap: spread,
          bins: z.array(bin),
        }),
      ),
      selective: z.array(
        z.strictObject({
          by: z.enum(["uncertainty", "confidence"]),
          area: spread,
          points: z.array(z.strictObject({ coverage: z.number(), risk: z.number() })),
        }),
      ),
      coverage: z.array(
        z.strictObject({ level: z.number(), coverage: spread, meanSize: z.number().nullable() }),
      ),
      /**
       * At 0.9, for the least uncertain third of the samples, the middle one and the most uncertain; empty
       * where it is not known.
       */
      coverageByUncertainty: z.array(z.number()),
      severity: z.array(
        z.strictObject({
          modality: z.string(),
          all: spread.nullable(),
          byKind: z.array(z.strictObject({ kind: z.string(), rho: spread.nullable() })),
          bins: z.array(severityBin),
        }),
      ),
      routing: z.array(
        z.strictObject({
          modality: z.string(),
          /** What the rows are: kinds of corruption that the data have, or noise added to the test split. */
          over: z.enum(["kinds", "noise"]),
          kinds: z.array(z.strictObject({ kind: z.string(), shares: z.array(z.number()) })),
          /** Bits; of the first seed for the shares, over the seeds here. */
          information: spread.nullable(),
          unused: z.number(),
        }),
      ),
    }),
  ),
});

export const figureSchema = z.discriminatedUnion("kind", [
  curvesSchema,
  embeddingSchema,
  casesSchema,
  uncertaintySchema,
]);
export type FigureResult = z.infer<typeof figureSchema>;
export type CurvesFigure = z.infer<typeof curvesSchema>;
export type EmbeddingFigure = z.infer<typeof embeddingSchema>;
export type CasesFigure = z.infer<typeof casesSchema>;
export type UncertaintyFigure = z.infer<typeof uncertaintySchema>;

import { z } from "zod";

const role = z.enum(["euar", "variant", "baseline"]);
/** Mean and standard deviation over the seeds. The deviation is null for one seed. */
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
      /** Best epoch of each seed. */
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
  /** Agreement expected by chance, with random positions. */
  chance: z.number(),
  panels: z.array(
    z.strictObject({
      model: z.string(),
      condition: z.string(),
      agreement: z.number().nullable(),
      /** Horizontal position, vertical position, index of the group. */
      points: z.array(z.tuple([z.number(), z.number(), z.number()])),
    }),
  ),
});

const inputSchema = z.strictObject({
  modality: z.string(),
  present: z.boolean(),
  /** Kind of its true corruption; null if unknown. */
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
  /** Model that EUAR is compared with. */
  against: z.string(),
  /** State of the sample texts: shown, left out (not requested), or not in the data. */
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

/** Quality of the uncertainties of one model. */
export const uncertaintyRowSchema = z.strictObject({
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
  coverage: z.array(z.strictObject({ level: z.number(), coverage: spread, meanSize: z.number().nullable() })),
  /**
   * Coverage at 0.9 in the least uncertain, middle and most uncertain third of the samples. Empty if
   * unknown.
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
      /** Meaning of the rows: kinds of corruption in the data, or noise added to the test split. */
      over: z.enum(["kinds", "noise"]),
      kinds: z.array(z.strictObject({ kind: z.string(), shares: z.array(z.number()) })),
      /** Mutual information in bits, over the seeds. The shares are those of the first seed. */
      information: spread.nullable(),
      unused: z.number(),
    }),
  ),
});

const uncertaintySchema = z.strictObject({
  kind: z.literal("uncertainty"),
  ...head,
  /** Risk: absolute error, or error rate. */
  risk: z.enum(["absolute error", "error rate"]),
  rows: z.array(uncertaintyRowSchema),
});

export const figureSchema = z.discriminatedUnion("kind", [
  curvesSchema,
  embeddingSchema,
  casesSchema,
  uncertaintySchema,
]);
/** Data of a figure. `kind` distinguishes the cases. */
export type FigureResult = z.infer<typeof figureSchema>;
export type CurvesFigure = z.infer<typeof curvesSchema>;
export type EmbeddingFigure = z.infer<typeof embeddingSchema>;
export type CasesFigure = z.infer<typeof casesSchema>;
export type UncertaintyFigure = z.infer<typeof uncertaintySchema>;

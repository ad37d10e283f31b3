import { z } from "zod";
import { figureSchema } from "./figure-result.js";
import { paperTableSchema } from "./paper-numbers.js";

const comparisonSchema = z.strictObject({
  /** Of the row less the reference row's, in units of the metric's per-sample score. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  p: z.number(),
  /** After Holm's correction over the rows of the column. */
  adjusted: z.number(),
});

const cellSchema = z.strictObject({
  /** Over the seeds; null where the metric is undefined or a run failed. */
  mean: z.number().nullable(),
  /** Sample deviation; null for one seed. */
  deviation: z.number().nullable(),
  values: z.array(z.number().nullable()),
  /** Which choice was taken, where there were several. */
  note: z.string(),
  /** Mean uncertainty over samples, modalities and seeds; null without uncertainties. */
  uncertainty: z.number().nullable(),
  /** With the reference row, where the metric is a mean over samples. */
  comparison: comparisonSchema.nullable(),
  /** Whether it is better than every other row of its column beyond chance. */
  wins: z.boolean(),
});

const experimentSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  caption: z.string(),
  columns: z.array(z.strictObject({ label: z.string(), metric: z.string() })),
  rows: z.array(
    z.strictObject({
      label: z.string(),
      role: z.enum(["euar", "variant", "baseline"]),
      cells: z.array(cellSchema),
    }),
  ),
  line: z.strictObject({ along: z.enum(["columns", "rows"]), label: z.string() }).nullable(),
});

/** What `euar reproduce` writes as results.json, and reports are made of. */
export const experimentsSchema = z.strictObject({
  format: z.literal("euar-experiments/2"),
  version: z.string(),
  data: z.strictObject({
    name: z.string(),
    sizes: z.record(z.string(), z.number()),
    modalities: z.array(z.string()),
  }),
  seeds: z.array(z.number()),
  experiments: z.array(experimentSchema),
  figures: z.array(figureSchema),
  /** What the paper prints for the same tables and figures. */
  paper: z.array(paperTableSchema),
  failures: z.array(z.strictObject({ label: z.string(), code: z.string(), message: z.string() })),
});

export type Experiments = z.infer<typeof experimentsSchema>;
export type ExperimentResult = z.infer<typeof experimentSchema>;
export type ResultCell = z.infer<typeof cellSchema>;

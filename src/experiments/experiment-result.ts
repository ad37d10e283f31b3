import { z } from "zod";
import { figureSchema } from "./figure-result.js";
import { paperTableSchema } from "./paper-numbers.js";

const comparisonSchema = z.strictObject({
  /** Difference from the reference row, in units of the metric's per-sample score. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  p: z.number(),
  /** p-value after Holm's correction over the rows of the column. */
  adjusted: z.number(),
});

const cellSchema = z.strictObject({
  /** Mean over the seeds. Null if the metric is undefined or a run failed. */
  mean: z.number().nullable(),
  /** Sample standard deviation. Null for one seed. */
  deviation: z.number().nullable(),
  values: z.array(z.number().nullable()),
  /** Name of the selected choice, if there were several. */
  note: z.string(),
  /** Mean uncertainty over samples, modalities and seeds. Null without uncertainties. */
  uncertainty: z.number().nullable(),
  /** Comparison with the reference row, if the metric is a mean over samples. */
  comparison: comparisonSchema.nullable(),
  /** True if it is significantly better than every other row of its column. */
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
  /** Level of the intervals of differences, if it is not 0.95. */
  level: z.number().optional(),
  line: z.strictObject({ along: z.enum(["columns", "rows"]), label: z.string() }).nullable(),
});

/** Content of results.json, which `euar reproduce` writes and reports read. */
export const experimentsSchema = z.strictObject({
  format: z.literal("euar-experiments/2"),
  version: z.string(),
  data: z.strictObject({
    name: z.string(),
    sizes: z.record(z.string(), z.number()),
    modalities: z.array(z.string()),
  }),
  seeds: z.array(z.number()),
  /** Arithmetic of the kernels. Absent: exact. */
  arithmetic: z.literal("fast").optional(),
  experiments: z.array(experimentSchema),
  figures: z.array(figureSchema),
  /** Numbers that the paper prints for the same tables and figures. */
  paper: z.array(paperTableSchema),
  failures: z.array(z.strictObject({ label: z.string(), code: z.string(), message: z.string() })),
});

/** Content of results.json: all tables and figures of one call of {@link reproduce}. */
export type Experiments = z.infer<typeof experimentsSchema>;
/** One table: its columns, and its rows of cells. */
export type ExperimentResult = z.infer<typeof experimentSchema>;
/** Cell of a table: mean and standard deviation over the seeds. */
export type ResultCell = z.infer<typeof cellSchema>;

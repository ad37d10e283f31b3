import { z } from "@hono/zod-openapi";
import { experimentNames } from "../../experiments/plans.js";
import { EXPERIMENT_STATES } from "../experiments/experiment-folders.js";
import { SPLITS } from "../runs/compare-runs.js";
import { sampleErrorSchema } from "./problem-schema.js";

const time = z.string().describe("ISO 8601");
const object = z.record(z.string(), z.unknown());

export const experimentInfoSchema = z
  .object({
    name: z.string(),
    state: z.enum(EXPERIMENT_STATES).describe("unfinished: interrupted, or another process still writes it"),
    runs: z.int().describe("number of stored runs"),
    written: time.nullable().describe("time of the results; null without results"),
    error: sampleErrorSchema.nullable(),
  })
  .openapi("ExperimentInfo");

export const experimentListSchema = z
  .object({ experiments: z.array(experimentInfoSchema) })
  .openapi("ExperimentList");

export const experimentSchema = experimentInfoSchema
  .extend({ results: object.nullable().describe("results.json of `euar reproduce`; null without results") })
  .openapi("Experiment");

export const experimentRequestSchema = z
  .strictObject({
    name: z.string().describe("name of the results: letters, digits, - and _"),
    experiment: z.enum([...experimentNames, "all"]).describe("table or figure, as for `euar reproduce`"),
    data: z.string().describe("name of a data set of the server"),
    seeds: z.int().min(1).max(100).optional().describe("number of seeds (default 5)"),
    modalities: z.array(z.string()).min(2).optional(),
    recipe: object.optional().describe("content of the file of --recipe"),
  })
  .openapi("ExperimentRequest", {
    example: { name: "t2", experiment: "table2", data: "synthetic", seeds: 2 },
  });

export const comparisonQuery = z.object({
  runs: z.string().min(1).describe("names of the runs, separated by commas; the first one is the reference"),
  split: z.enum(SPLITS).default("test"),
  level: z.coerce.number().gt(0).lt(1).default(0.95).describe("confidence level of the intervals"),
});

const comparedRun = z.object({
  run: z.string(),
  value: z.number(),
  difference: z.number().describe("mean over samples; positive: better than the reference"),
  low: z.number().describe("lower end of the paired bootstrap interval"),
  high: z.number(),
  p: z.number().describe("p-value of the sign-flip test"),
  adjusted: z.number().describe("p-value after Holm's correction over the runs"),
});

export const comparisonSchema = z
  .object({
    split: z.enum(SPLITS),
    reference: z.string().describe("name of the reference run"),
    samples: z.int(),
    level: z.number(),
    metrics: z
      .array(
        z.object({
          metric: z.string(),
          reference: z.number().describe("value of the reference"),
          runs: z.array(comparedRun),
        }),
      )
      .describe("metrics that are means over samples"),
  })
  .openapi("Comparison");

import { z } from "@hono/zod-openapi";
import { JOB_STATES } from "../store/rows.js";
import { predictionSchema } from "./prediction-schema.js";
import { sampleErrorSchema } from "./problem-schema.js";

const time = z.string().describe("ISO 8601");

/** Label of any task. */
export const labelValueSchema = z
  .union([z.number(), z.string().max(1000), z.array(z.string()), z.record(z.string(), z.number())])
  .describe("label in the form of the prediction");

export const correctionSchema = z
  .object({
    label: labelValueSchema.describe(
      "the true label, in the form of the prediction and inside the scale of the model's labels",
    ),
    note: z.string().max(10_000).optional(),
  })
  .openapi("Correction");

export const storedPredictionSchema = z
  .object({
    id: z.string(),
    created: time,
    model: z.string(),
    modelHash: z.string().describe("sha-256 of the run's configuration"),
    source: z.enum(["features", "media"]),
    prediction: predictionSchema,
    correction: z
      .object({ created: time, label: z.unknown(), note: z.string().nullable() })
      .nullable()
      .describe("label that a user gave"),
  })
  .openapi("StoredPrediction");

export const storedPredictionListSchema = z
  .object({
    predictions: z.array(storedPredictionSchema),
    next: z.string().nullable().describe("value of `before` for the next page; null on the last one"),
  })
  .openapi("StoredPredictionList");

export const jobSchema = z
  .object({
    id: z.string(),
    state: z.enum(JOB_STATES),
    model: z.string(),
    created: time,
    started: time.nullable(),
    finished: time.nullable(),
    attempts: z
      .int()
      .describe(
        "number of starts; if the server is killed, the next server starts the job again; a start that an " +
          "orderly end of the server stopped does not count",
      ),
    result: predictionSchema.nullable(),
    error: sampleErrorSchema.nullable(),
  })
  .openapi("Job");

export const jobListSchema = z.object({ jobs: z.array(jobSchema) }).openapi("JobList");

import { z } from "@hono/zod-openapi";
import { uncertaintyRowSchema } from "../../experiments/figure-result.js";

const values = z.record(z.string(), z.number().nullable());

export const stressSchema = z
  .object({
    samples: z.int().min(0),
    metrics: z.array(z.string()).readonly().describe("names of the metrics, the main one first"),
    series: z
      .array(
        z.object({
          label: z.string(),
          points: z
            .array(
              z.object({
                amount: z.number().describe("noise level: standard deviations, or a share"),
                metrics: values,
                uncertainty: values.describe("mean over the samples, by modality"),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
    uncertainty: uncertaintyRowSchema.describe("uncertainty against severity, and routing by cause"),
    map: z
      .object({
        groups: z.array(z.string()).readonly().describe("groups of labels"),
        agreement: z.number().nullable().describe("share of the nearest neighbours in the own group"),
        points: z
          .array(
            z.object({
              row: z.int().describe("row of the test split"),
              id: z.string(),
              x: z.number(),
              y: z.number(),
              group: z.int(),
            }),
          )
          .readonly(),
      })
      .nullable()
      .describe("t-SNE of the joint features; null for a model without them"),
  })
  .openapi("StressTest");

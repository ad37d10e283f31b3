import { z } from "@hono/zod-openapi";

const count = z.int().min(0);
const seconds = z.number().describe("seconds, of the last 1000 requests");

export const statisticsSchema = z
  .object({
    routes: z.array(
      z.object({
        route: z.string(),
        requests: count.describe("answered requests since the server started"),
        refused: count.describe("requests with a status of 400 to 499"),
        failed: count.describe("requests with a status of 500 or more"),
        median: seconds,
        p95: seconds,
        p99: seconds,
      }),
    ),
    hours: z
      .array(
        z.object({
          hour: z.string().openapi({ example: "2026-01-31T14" }),
          predictions: count,
          doubted: count.describe("predictions with a doubted input"),
          uncertainty: z.number().nullable().describe("mean uncertainty"),
        }),
      )
      .readonly(),
    doubts: z.array(z.object({ hour: z.string(), modality: z.string(), doubted: count })).readonly(),
    ranks: z
      .array(
        z.object({
          modality: z.string(),
          tenth: z.int().min(0).max(9).describe("tenth of the validation samples by uncertainty, from 0"),
          inputs: count,
        }),
      )
      .readonly()
      .describe("inputs by the rank of their uncertainty among the validation samples"),
    corrections: count,
  })
  .openapi("Statistics");

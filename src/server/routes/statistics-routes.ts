import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ServerMetrics } from "../http/metrics.js";
import { problems } from "../schemas/problem-schema.js";
import { statisticsSchema } from "../schemas/statistics-schema.js";
import type { Services } from "../services.js";

const HOUR = 3_600_000;

const statisticsRoute = createRoute({
  method: "get",
  path: "/v1/statistics",
  tags: ["server"],
  summary: "Returns numbers and times of requests, and numbers of stored predictions and doubts",
  request: {
    query: z.object({
      hours: z.coerce.number().int().min(1).max(8760).default(48).describe("number of past hours to count"),
      model: z.string().optional(),
    }),
  },
  responses: {
    200: { description: "statistics", content: { "application/json": { schema: statisticsSchema } } },
    ...problems({ 400: "a bad parameter" }),
  },
});

/** Adds the route of statistics, which the studio shows. */
export function addStatisticsRoutes(app: OpenAPIHono, { store }: Services, metrics: ServerMetrics): void {
  app.openapi(statisticsRoute, async (context) => {
    const { hours, model } = context.req.valid("query");
    const after = new Date(Date.now() - hours * HOUR).toISOString();
    const counted = await store.ask("countPredictions", { model, after });
    return context.json({ routes: metrics.times.summaries(), ...counted }, 200);
  });
}

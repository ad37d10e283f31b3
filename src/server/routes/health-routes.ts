import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ServerMetrics } from "../http/metrics.js";
import type { Services } from "../services.js";

const statusSchema = z.object({ status: z.string(), models: z.int().optional() }).openapi("Status");
const answer = (description: string) =>
  ({ description, content: { "application/json": { schema: statusSchema } } }) as const;

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["server"],
  summary: "Returns 200 as long as the process runs",
  responses: { 200: answer("alive") },
});

const readyRoute = createRoute({
  method: "get",
  path: "/readyz",
  tags: ["server"],
  summary: "Returns 200 if the server accepts requests",
  responses: {
    200: answer("accepts requests"),
    503: answer("is shutting down, after the requests in progress"),
  },
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["server"],
  summary: "Metrics in the text format of Prometheus",
  responses: { 200: { description: "metrics", content: { "text/plain": { schema: z.string() } } } },
});

/** Adds the routes for process supervisors. */
export function addHealthRoutes(
  app: OpenAPIHono,
  { models, isDraining }: Services,
  metrics: ServerMetrics,
): void {
  app.openAPIRegistry.registerPath(metricsRoute);
  app.get(metricsRoute.path, () => metrics.answer());
  app.openapi(healthRoute, (context) => context.json({ status: "ok" }, 200));
  app.openapi(readyRoute, (context) => {
    const count = models.list().length;
    if (isDraining()) return context.json({ status: "draining", models: count }, 503);
    return context.json({ status: "ready", models: count }, 200);
  });
}

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { problems } from "../schemas/problem-schema.js";
import { stressSchema } from "../schemas/stress-schema.js";
import type { Services } from "../services.js";
import { datasetPath } from "../datasets/dataset-path.js";

const stressRoute = createRoute({
  method: "get",
  path: "/v1/runs/{name}/stress",
  tags: ["runs"],
  summary:
    "Measures a finished run on the test split of a data set: metrics under rising noise, uncertainty " +
    "against severity, routing by cause, and a map of the joint features",
  request: {
    params: z.object({ name: z.string() }),
    query: z.object({ data: z.string().describe("name of a data set of the server") }),
  },
  responses: {
    200: { description: "the results", content: { "application/json": { schema: stressSchema } } },
    ...problems({
      400: "a bad parameter, or a run that reads texts",
      404: "no such run or data set",
      422: "a data set that does not fit the run",
    }),
  },
});

/** Adds the route of stress tests. A test runs in a thread of its own. */
export function addStressRoutes(app: OpenAPIHono, { folders, datasets, stressTests }: Services): void {
  app.openapi(stressRoute, async (context) => {
    const { name } = context.req.valid("param");
    const { data } = context.req.valid("query");
    const request = { name, folder: folders.finishedPathOf(name), data: datasetPath(datasets, data) };
    return context.json(await stressTests.get(request), 200);
  });
}

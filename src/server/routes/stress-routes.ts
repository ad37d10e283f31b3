import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ServerError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { problems } from "../schemas/problem-schema.js";
import { stressSchema } from "../schemas/stress-schema.js";
import type { Services } from "../services.js";

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
    const finished = folders.names().filter((known) => folders.isFinished(known));
    if (!finished.includes(name)) throw absent("finished run", name, finished);
    const path = datasets.get(data);
    if (path === undefined) throw absent("data set", data, [...datasets.keys()]);
    return context.json(await stressTests.get({ name, folder: folders.pathOf(name), data: path }), 200);
  });
}

function absent(what: string, name: string, known: readonly string[]): ServerError {
  return new ServerError("server.not-found", `there is no ${what} ${JSON.stringify(name)}`, {
    hint: suggestion(name, known),
  });
}

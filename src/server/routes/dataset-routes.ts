import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { EuarError } from "../../core/errors.js";
import { startCommand } from "../runs/run-command.js";
import { problems } from "../schemas/problem-schema.js";
import { datasetListSchema, datasetSchema } from "../schemas/run-schema.js";
import type { Services } from "../services.js";
import { datasetPath } from "../datasets/dataset-path.js";

const tags = ["data sets"];

const listRoute = createRoute({
  method: "get",
  path: "/v1/datasets",
  tags,
  summary: "Lists the data sets of the server",
  responses: {
    200: { description: "data sets", content: { "application/json": { schema: datasetListSchema } } },
  },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}",
  tags,
  summary: "Describes a data set: counts, labels, missing modalities",
  request: { params: z.object({ name: z.string() }) },
  responses: {
    200: { description: "the data set", content: { "application/json": { schema: datasetSchema } } },
    ...problems({ 404: "no such data set", 422: "a data set that cannot be read" }),
  },
});

/** Adds the routes of data sets. A separate process reads the data sets. */
export function addDatasetRoutes(app: OpenAPIHono, { datasets }: Services): void {
  app.openapi(listRoute, (context) =>
    context.json({ datasets: [...datasets].map(([name, path]) => ({ name, path })) }, 200),
  );
  app.openapi(getRoute, async (context) => {
    const { name } = context.req.valid("param");
    const path = datasetPath(datasets, name);
    const outcome = await startCommand(["inspect", path]).outcome;
    if (outcome.kind === "result") return context.json({ name, summary: { ...outcome.result } }, 200);
    const { code, message, hint } = outcome.error;
    throw new EuarError(code, message, hint === undefined ? {} : { hint });
  });
}

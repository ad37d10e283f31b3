import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ExperimentInfo } from "../experiments/experiment-folders.js";
import {
  experimentInfoSchema,
  experimentListSchema,
  experimentRequestSchema,
  experimentSchema,
} from "../schemas/experiment-schema.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";

const params = z.object({ name: z.string() });
const tags = ["experiments"];
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;
const absent = problems({ 404: "no such experiment" });

const listRoute = createRoute({
  method: "get",
  path: "/v1/experiments",
  tags,
  summary: "Lists the results of `euar reproduce` in the server's folder",
  responses: { 200: json(experimentListSchema, "experiments") },
});
const getRoute = createRoute({
  method: "get",
  path: "/v1/experiments/{name}",
  tags,
  summary: "Returns an experiment with its results: tables with paired tests, figures, the paper's numbers",
  request: { params },
  responses: { 200: json(experimentSchema, "the experiment"), ...absent },
});
const startRoute = createRoute({
  method: "post",
  path: "/v1/experiments",
  tags,
  summary: "Starts `euar reproduce`, or continues an interrupted one. One experiment runs at a time",
  request: {
    body: { required: true, content: { "application/json": { schema: experimentRequestSchema } } },
  },
  responses: {
    202: json(experimentInfoSchema, "started"),
    ...problems({ 400: "a bad name", 404: "no such data set", 409: "another one runs, or it has results" }),
    ...jsonBodyProblems,
  },
});
const stopRoute = createRoute({
  method: "post",
  path: "/v1/experiments/{name}/stop",
  tags,
  summary: "Stops an experiment. Finished runs are kept",
  request: { params },
  responses: { 202: json(experimentInfoSchema, "will stop"), ...absent },
});

/** Adds the routes of experiments. */
export function addExperimentRoutes(app: OpenAPIHono, { experiments }: Services): void {
  app.openapi(listRoute, (context) => context.json({ experiments: experiments.list().map(shown) }, 200));
  app.openAPIRegistry.registerPath(getRoute);
  app.get("/v1/experiments/:name", (context) => {
    const name = context.req.param("name");
    return Response.json({ ...shown(experiments.get(name)), results: experiments.results(name) });
  });
  app.openapi(startRoute, (context) => {
    const started = experiments.start(context.req.valid("json"));
    return context.json(shown(started), 202, { location: `/v1/experiments/${started.name}` });
  });
  app.openapi(stopRoute, (context) =>
    context.json(shown(experiments.stop(context.req.valid("param").name)), 202),
  );
}

function shown({ error, ...info }: ExperimentInfo): z.infer<typeof experimentInfoSchema> {
  return { ...info, error: error && { ...error, hint: error.hint ?? null } };
}

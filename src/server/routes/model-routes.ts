import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { requireRunName } from "../runs/run-name.js";
import type { LoadedModel } from "../models/loaded-models.js";
import { modelListSchema, modelSchema } from "../schemas/model-schema.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import { loadRequestSchema } from "../schemas/run-schema.js";
import type { Services } from "../services.js";

const named = z.object({ name: z.string().openapi({ example: "run" }) });

const listRoute = createRoute({
  method: "get",
  path: "/v1/models",
  tags: ["models"],
  summary: "Lists the loaded models",
  responses: {
    200: {
      description: "the loaded models",
      content: { "application/json": { schema: modelListSchema } },
    },
  },
});

const oneRoute = createRoute({
  method: "get",
  path: "/v1/models/{name}",
  tags: ["models"],
  summary: "Describes a loaded model",
  request: { params: named },
  responses: {
    200: { description: "the model", content: { "application/json": { schema: modelSchema } } },
    ...problems({ 404: "no such model" }),
  },
});

const loadRoute = createRoute({
  method: "post",
  path: "/v1/models",
  tags: ["models"],
  summary: "Loads a finished run of the server's folder, and replaces a model of the same name",
  request: { body: { required: true, content: { "application/json": { schema: loadRequestSchema } } } },
  responses: {
    201: { description: "the model", content: { "application/json": { schema: modelSchema } } },
    ...problems({ 400: "a bad name", 404: "no such run", 422: "a run that cannot be loaded" }),
    ...jsonBodyProblems,
  },
});

const unloadRoute = createRoute({
  method: "delete",
  path: "/v1/models/{name}",
  tags: ["models"],
  summary: "Unloads a model after its requests are finished",
  request: { params: named },
  responses: { 204: { description: "unloaded" }, ...problems({ 404: "no such model" }) },
});

/** Adds the routes of loaded models. */
export function addModelRoutes(app: OpenAPIHono, { models, folders, openScorer }: Services): void {
  const shown = (model: LoadedModel): z.infer<typeof modelSchema> => {
    const { name, description, place, loadedAt, features, media } = model;
    return {
      name,
      default: name === models.defaultName,
      ...description,
      inPage: place !== undefined && description.fitsPage,
      modalities: [...description.modalities],
      outputs: [...description.outputs],
      range: description.range && [...description.range],
      loadedAt,
      waiting: features.load + media.load,
    };
  };
  app.openapi(listRoute, (context) => context.json({ models: models.list().map(shown) }, 200));
  app.openapi(loadRoute, async (context) => {
    const { run, name = run, default: isDefault = false } = context.req.valid("json");
    requireRunName(name);
    const model = await models.add(name, await openScorer(folders.finishedPathOf(run)));
    if (isDefault) models.makeDefault(name);
    return context.json(shown(model), 201);
  });
  app.openapi(unloadRoute, async (context) => {
    await models.remove(context.req.valid("param").name);
    return context.body(null, 204);
  });
  app.openapi(oneRoute, (context) => context.json(shown(models.get(context.req.valid("param").name)), 200));
}

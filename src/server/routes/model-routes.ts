import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { LoadedModel } from "../models/loaded-models.js";
import { modelListSchema, modelSchema } from "../schemas/model-schema.js";
import { problems } from "../schemas/problem-schema.js";
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

/** Adds the routes of loaded models. */
export function addModelRoutes(app: OpenAPIHono, { models }: Services): void {
  const shown = (model: LoadedModel): z.infer<typeof modelSchema> => {
    const { name, description, place, loadedAt, json, media } = model;
    return {
      name,
      default: name === models.defaultName,
      ...description,
      inPage: place !== undefined && description.fitsPage,
      modalities: [...description.modalities],
      outputs: [...description.outputs],
      loadedAt,
      waiting: json.load + media.load,
    };
  };
  app.openapi(listRoute, (context) => context.json({ models: models.list().map(shown) }, 200));
  app.openapi(oneRoute, (context) => context.json(shown(models.get(context.req.valid("param").name)), 200));
}

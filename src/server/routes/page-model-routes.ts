import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ServerError } from "../../core/errors.js";
import { readWeights } from "../../runs/read-weights.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";
import { PackageFiles } from "../studio/package-files.js";
import { fileAnswer } from "../studio/studio-files.js";

const PACKAGES = "/v1/packages/";

const weightsRoute = createRoute({
  method: "get",
  path: "/v1/models/{name}/weights",
  tags: ["models"],
  summary: "Sends the weight file of a model, for pages that score in the browser",
  request: { params: z.object({ name: z.string().openapi({ example: "run" }) }) },
  responses: {
    200: {
      description: "weights.safetensors",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problems({ 404: "no such model, or it cannot run in a page" }),
  },
});

/**
 * Adds the routes that a page needs to score in the browser: weights, and the files of adapters' packages.
 */
export function addPageModelRoutes(app: OpenAPIHono, { models }: Services): void {
  const files = new PackageFiles();
  app.openapi(weightsRoute, (context) => {
    const { name, place, description } = models.get(context.req.valid("param").name);
    if (place === undefined || !description.fitsPage)
      throw new ServerError("server.not-found", `the model "${name}" cannot run in a page`, {
        hint: "Score on the server: POST /v1/predictions.",
      });
    const { bytes } = readWeights(place);
    return new Response(new Uint8Array(bytes), {
      headers: { "content-type": "application/octet-stream", "cache-control": "no-cache" },
    });
  });
  // serves files for pages, like those of the studio, so it is not part of the API
  app.use(`${PACKAGES}*`, (context, next) => {
    const { method, path } = context.req;
    const file = method === "GET" ? files.find(path.slice(PACKAGES.length)) : undefined;
    return file ? Promise.resolve(fileAnswer(file)) : next();
  });
}

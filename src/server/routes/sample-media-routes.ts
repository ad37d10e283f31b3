import { Readable } from "node:stream";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ServerError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../../data/dataset.js";
import { openReadStream } from "../../data/files/open-read-stream.js";
import { datasetPath } from "../datasets/dataset-path.js";
import { mediaTypeOf } from "../datasets/media-type.js";
import { sampleMediaSchema } from "../schemas/dataset-schema.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";

const refusals = problems({
  400: "a bad parameter",
  404: "no such data set or sample",
  422: "a data set that cannot be read",
});

const sample = z.object({
  name: z.string(),
  split: z.enum(SPLIT_NAMES),
  row: z.coerce.number().int().min(0),
});
const tags = ["data sets"];

const listRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}/samples/{split}/{row}/media",
  tags,
  summary: "Lists the media that the features of a sample were extracted from, and that a page can show",
  request: { params: sample },
  responses: {
    200: { description: "the media", content: { "application/json": { schema: sampleMediaSchema } } },
    ...refusals,
  },
});
const fileRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}/samples/{split}/{row}/media/{modality}",
  tags,
  summary: "Sends a medium of a sample",
  request: { params: sample.extend({ modality: z.string() }) },
  responses: {
    200: {
      description: "the file, with its media type",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problems({ 400: "a bad parameter", 404: "no such data set, sample or medium" }),
  },
});

/**
 * Adds the routes of the media of samples. A file is found by the data set's own list, so that no path of a
 * client reaches the file system.
 */
export function addSampleMediaRoutes(app: OpenAPIHono, { datasets, openDatasets }: Services): void {
  const find = async ({ name, split, row }: z.infer<typeof sample>) => {
    const files = await openDatasets.ask(datasetPath(datasets, name), { kind: "media", split, row });
    return Object.entries(files).flatMap(([modality, file]) => {
      const type = mediaTypeOf(file);
      return type === undefined ? [] : [{ modality, type, file }];
    });
  };
  app.openapi(listRoute, async (context) => {
    const found = await find(context.req.valid("param"));
    return context.json({ media: found.map(({ modality, type }) => ({ modality, type })) }, 200);
  });
  app.openapi(fileRoute, async (context) => {
    const { modality, ...place } = context.req.valid("param");
    const medium = (await find(place)).find((one) => one.modality === modality);
    if (!medium)
      throw new ServerError("server.not-found", `the sample has no medium ${JSON.stringify(modality)}`, {
        hint: "GET the path without the last part for a list.",
      });
    const body = Readable.toWeb(openReadStream(medium.file)) as ReadableStream<Uint8Array>;
    return new Response(body, { headers: { "content-type": medium.type, "cache-control": "no-store" } });
  });
}

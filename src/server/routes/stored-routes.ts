import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ServerError } from "../../core/errors.js";
import { linesAnswer } from "../http/lines-answer.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import {
  correctionSchema,
  storedPredictionListSchema,
  storedPredictionSchema,
} from "../schemas/store-schema.js";
import type { Services } from "../services.js";
import type { StoredPrediction } from "../store/rows.js";

const params = z.object({ id: z.string() });
const tags = ["stored predictions"];
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;

const listRoute = createRoute({
  method: "get",
  path: "/v1/predictions",
  tags,
  summary: "Lists stored predictions, latest first",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.string().optional().describe("value of `next` of the previous page"),
      model: z.string().optional(),
      order: z
        .enum(["latest", "uncertain"])
        .default("latest")
        .describe("uncertain: the most uncertain first, in one page"),
      uncorrected: z
        .enum(["true", "false"])
        .default("false")
        .describe("true: only predictions without a correction"),
    }),
  },
  responses: { 200: json(storedPredictionListSchema, "a page"), ...problems({ 400: "a bad parameter" }) },
});

const exportRoute = createRoute({
  method: "get",
  path: "/v1/exports/predictions",
  tags,
  summary: "Exports all stored predictions with their corrections, as JSON lines",
  responses: {
    200: {
      description: "one stored prediction per line, latest first",
      content: { "application/x-ndjson": { schema: storedPredictionSchema } },
    },
  },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/predictions/{id}",
  tags,
  summary: "Returns a stored prediction",
  request: { params },
  responses: {
    200: json(storedPredictionSchema, "the prediction"),
    ...problems({ 404: "no such prediction" }),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/predictions/{id}",
  tags,
  summary: "Deletes a stored prediction and its correction",
  request: { params },
  responses: { 204: { description: "deleted" }, ...problems({ 404: "no such prediction" }) },
});

const correctRoute = createRoute({
  method: "put",
  path: "/v1/predictions/{id}/correction",
  tags,
  summary: "Stores the true label of a prediction",
  request: {
    params,
    body: { required: true, content: { "application/json": { schema: correctionSchema } } },
  },
  responses: {
    204: { description: "stored" },
    ...problems({ 400: "a bad body", 404: "no such prediction", 507: "the disk is full" }),
    ...jsonBodyProblems,
  },
});

/** Number of predictions per read of an export. */
const PAGE = 500;

/** Adds the routes of stored predictions and of corrections by users. */
export function addStoredRoutes(app: OpenAPIHono, { store }: Services): void {
  app.openapi(listRoute, async (context) => {
    const { limit, before, model, order, uncorrected } = context.req.valid("query");
    const rows = await store.ask("listPredictions", {
      limit,
      before,
      model,
      order,
      uncorrected: uncorrected === "true",
    });
    const last = rows.length === limit && order === "latest" ? rows.at(-1) : undefined;
    return context.json({ predictions: rows.map(shown), next: last ? last.created + last.id : null }, 200);
  });
  app.openAPIRegistry.registerPath(exportRoute);
  app.get(exportRoute.path, () => {
    return linesAnswer(async (before: string | undefined) => {
      const rows = await store.ask("listPredictions", { limit: PAGE, before });
      const last = rows.at(-1);
      return { lines: rows.map(shown), next: last && last.created + last.id };
    });
  });
  app.openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const row = await store.ask("getPrediction", id);
    if (!row) throw absent(id);
    return context.json(shown(row), 200);
  });
  app.openapi(deleteRoute, async (context) => {
    const { id } = context.req.valid("param");
    if (!(await store.ask("deletePrediction", id))) throw absent(id);
    return context.body(null, 204);
  });
  app.openapi(correctRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { label, note } = context.req.valid("json");
    const isStored = await store.ask("correct", {
      prediction: id,
      created: new Date().toISOString(),
      label: JSON.stringify(label),
      note: note ?? null,
    });
    if (!isStored) throw absent(id);
    return context.body(null, 204);
  });
}

function shown(row: StoredPrediction): z.infer<typeof storedPredictionSchema> {
  const { id, created, model, modelHash, source, sample, result, correction } = row;
  const name = sample === null ? {} : { id: JSON.parse(sample) as string | number };
  const prediction = JSON.parse(result) as z.infer<typeof storedPredictionSchema>["prediction"];
  return {
    id,
    created,
    model,
    modelHash,
    source,
    prediction: { ...name, ...prediction, model },
    correction: correction && {
      created: correction.created,
      label: JSON.parse(correction.label) as unknown,
      note: correction.note,
    },
  };
}

function absent(id: string): ServerError {
  return new ServerError("server.not-found", `there is no stored prediction ${JSON.stringify(id)}`, {
    hint: "GET /v1/predictions lists the stored ones. A server with --no-store stores nothing.",
  });
}

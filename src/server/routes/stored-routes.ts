import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ServerError } from "../../core/errors.js";
import { checkedQuery } from "../http/checked-query.js";
import { linesAnswer } from "../http/lines-answer.js";
import { parquetAnswer, type ParquetColumn } from "../http/parquet-answer.js";
import { requireLabel, taskOfPrediction } from "../labels/require-label.js";
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

const exportQuery = z.object({
  format: z
    .enum(["jsonl", "parquet"])
    .default("jsonl")
    .describe("parquet: columns for the main fields, and the complete prediction as JSON text"),
});

const exportRoute = createRoute({
  method: "get",
  path: "/v1/exports/predictions",
  tags,
  summary: "Exports all stored predictions with their corrections, as JSON lines or Parquet",
  request: { query: exportQuery },
  responses: {
    200: {
      description: "stored predictions, latest first: one per line, or one per row",
      content: {
        "application/x-ndjson": { schema: storedPredictionSchema },
        "application/vnd.apache.parquet": { schema: z.string().openapi({ format: "binary" }) },
      },
    },
    ...problems({ 400: "a bad parameter" }),
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
    ...problems({
      400: "a bad body",
      404: "no such prediction",
      422: "a label that the model cannot predict: another form, an unknown name, or outside the scale",
      507: "the disk is full",
    }),
    ...jsonBodyProblems,
  },
});

/** Number of predictions per read of an export. */
const PAGE = 500;

/** Adds the routes of stored predictions and of corrections by users. */
export function addStoredRoutes(app: OpenAPIHono, { store, models }: Services): void {
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
  app.get(exportRoute.path, (context) => {
    const { format } = checkedQuery(exportQuery, context);
    const read = async (before: string | undefined) => {
      const rows = await store.ask("listPredictions", { limit: PAGE, before });
      const last = rows.at(-1);
      return { lines: rows.map(shown), next: last && last.created + last.id };
    };
    return format === "jsonl" ? linesAnswer(read) : parquetAnswer(PARQUET_COLUMNS, read);
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
    const row = await store.ask("getPrediction", id);
    if (!row) throw absent(id);
    const model = models.list().find(({ description }) => description.hash === row.modelHash);
    requireLabel(label, taskOfPrediction(shown(row).prediction, model?.description.range ?? null));
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

/** Columns of an export as Parquet. Values that can have several forms are JSON texts. */
const PARQUET_COLUMNS: readonly ParquetColumn<Shown>[] = [
  { name: "id", type: "STRING", valueOf: ({ id }) => id },
  { name: "created", type: "STRING", valueOf: ({ created }) => created },
  { name: "model", type: "STRING", valueOf: ({ model }) => model },
  { name: "modelHash", type: "STRING", valueOf: ({ modelHash }) => modelHash },
  { name: "source", type: "STRING", valueOf: ({ source }) => source },
  { name: "sample", type: "STRING", valueOf: ({ prediction: { id } }) => textOf(id) },
  {
    name: "score",
    type: "DOUBLE",
    valueOf: ({ prediction: { prediction } }) => (typeof prediction === "number" ? prediction : null),
  },
  { name: "uncertainty", type: "DOUBLE", valueOf: ({ prediction }) => prediction.uncertainty },
  { name: "prediction", type: "STRING", valueOf: ({ prediction }) => textOf(prediction) },
  { name: "label", type: "STRING", valueOf: ({ correction }) => textOf(correction?.label) },
  { name: "note", type: "STRING", valueOf: ({ correction }) => correction?.note ?? null },
  { name: "corrected", type: "STRING", valueOf: ({ correction }) => correction?.created ?? null },
];

function textOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

type Shown = z.infer<typeof storedPredictionSchema>;

function shown(row: StoredPrediction): Shown {
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

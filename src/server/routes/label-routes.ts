import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { EuarError, ServerError } from "../../core/errors.js";
import type { Task } from "../../data/dataset.js";
import { Breakdown } from "../../features/worker-thread.js";
import { csv, type CsvValue } from "../../report/table-files.js";
import { checkedQuery } from "../http/checked-query.js";
import { requireLabel } from "../labels/require-label.js";
import { agreements, type LabelTable, labelTable } from "../labels/label-table.js";
import {
  agreementSchema,
  collectionParams,
  flagListSchema,
  flagPlace,
  flagSchema,
  labelListSchema,
  labelledSampleSchema,
  labelPlace,
  personLabelSchema,
} from "../schemas/label-schema.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";

const tags = ["labels"];
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;
const body = <Schema extends z.ZodType>(schema: Schema) =>
  ({ required: true, content: { "application/json": { schema } } }) as const;
const refused = problems({ 400: "a bad parameter" });
const stored = {
  204: { description: "stored" },
  ...problems({ 400: "a bad body", 507: "the disk is full" }),
  ...jsonBodyProblems,
} as const;
const otherLabel = problems({
  422: "a label that the data set cannot have: another form, an unknown name, or outside the scale",
});
const removed = {
  204: { description: "deleted" },
  ...problems({ 400: "a bad parameter", 404: "nothing to delete" }),
} as const;

const labels = "/v1/labels/{collection}";
const flags = "/v1/flags/{collection}";

const listRoute = createRoute({
  method: "get",
  path: labels,
  tags,
  summary: "Lists the labels that people gave to the samples of a data set or to clips",
  request: { params: collectionParams },
  responses: { 200: json(labelListSchema, "labels"), ...refused },
});
const putRoute = createRoute({
  method: "put",
  path: labels,
  tags,
  summary: "Stores a person's label of a sample, or of one of its modalities",
  request: { params: collectionParams, body: body(personLabelSchema) },
  responses: { ...stored, ...otherLabel },
});
const deleteRoute = createRoute({
  method: "delete",
  path: labels,
  tags,
  summary: "Deletes a label",
  request: { params: collectionParams, query: labelPlace },
  responses: removed,
});
const agreementRoute = createRoute({
  method: "get",
  path: `${labels}/agreement`,
  tags,
  summary: "Measures how well people agree, by modality (Krippendorff's alpha)",
  request: { params: collectionParams },
  responses: { 200: json(agreementSchema, "agreement"), ...refused },
});
const flagsRoute = createRoute({
  method: "get",
  path: flags,
  tags,
  summary: "Lists the flagged samples with their notes",
  request: { params: collectionParams },
  responses: { 200: json(flagListSchema, "flags"), ...refused },
});
const flagRoute = createRoute({
  method: "put",
  path: flags,
  tags,
  summary: "Flags a sample, with a note",
  request: { params: collectionParams, body: body(flagSchema) },
  responses: stored,
});
const unflagRoute = createRoute({
  method: "delete",
  path: flags,
  tags,
  summary: "Removes the flag of a sample",
  request: { params: collectionParams, query: flagPlace },
  responses: removed,
});

const exportQuery = z.object({ format: z.enum(["csv", "jsonl"]).default("csv") });
const exportRoute = createRoute({
  method: "get",
  path: "/v1/exports/labels/{collection}",
  tags,
  summary: "Exports labels and flags: one row per sample and modality, one column per person",
  request: { params: collectionParams, query: exportQuery },
  responses: {
    200: {
      description: "the rows",
      content: {
        "text/csv": { schema: z.string() },
        "application/x-ndjson": { schema: labelledSampleSchema },
      },
    },
    ...refused,
  },
});

/** Adds the routes of people's labels and flags. */
export function addLabelRoutes(app: OpenAPIHono, services: Services): void {
  const { store } = services;
  const now = (): string => new Date().toISOString();
  app.openapi(listRoute, async (context) => {
    const { collection } = context.req.valid("param");
    const rows = await store.ask("listLabels", collection);
    const shown = rows.map(({ label, sample, modality, person, created }) => ({
      ...{ sample, modality, person, created },
      label: JSON.parse(label) as unknown,
    }));
    return context.json({ kept: store.keeps, labels: shown }, 200);
  });
  app.openapi(putRoute, async (context) => {
    const { collection } = context.req.valid("param");
    const { label, ...place } = context.req.valid("json");
    const task = await taskOfCollection(services, collection);
    if (task) requireLabel(label, task);
    await store.ask("putLabel", { collection, ...place, label: JSON.stringify(label), created: now() });
    return context.body(null, 204);
  });
  app.openapi(deleteRoute, async (context) => {
    const { collection } = context.req.valid("param");
    if (await store.ask("deleteLabel", { collection, ...context.req.valid("query") }))
      return context.body(null, 204);
    throw absent("label");
  });
  app.openapi(agreementRoute, async (context) => {
    const rows = await store.ask("listLabels", context.req.valid("param").collection);
    return context.json({ agreement: agreements(rows) }, 200);
  });
  app.openapi(flagsRoute, async (context) => {
    const rows = await store.ask("listFlags", context.req.valid("param").collection);
    const shown = rows.map(({ sample, note, created }) => ({ sample, note, created }));
    return context.json({ kept: store.keeps, flags: shown }, 200);
  });
  app.openapi(flagRoute, async (context) => {
    const { collection } = context.req.valid("param");
    await store.ask("putFlag", { collection, ...context.req.valid("json"), created: now() });
    return context.body(null, 204);
  });
  app.openapi(unflagRoute, async (context) => {
    const { collection } = context.req.valid("param");
    if (await store.ask("deleteFlag", { collection, ...context.req.valid("query") }))
      return context.body(null, 204);
    throw absent("flag");
  });
  app.openAPIRegistry.registerPath(exportRoute);
  app.get("/v1/exports/labels/:collection", async (context) => {
    const { format } = checkedQuery(exportQuery, context);
    const collection = context.req.param("collection");
    const table = labelTable(
      await store.ask("listLabels", collection),
      await store.ask("listFlags", collection),
    );
    return new Response(format === "csv" ? csvOf(table) : linesOf(table), {
      headers: {
        "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
        "cache-control": "no-store",
      },
    });
  });
}

/** Returns the task of a data set of the server. Undefined for other clips, and for unreadable data. */
async function taskOfCollection(
  { datasets, openDatasets, log }: Pick<Services, "datasets" | "openDatasets" | "log">,
  collection: string,
): Promise<Task | undefined> {
  const path = datasets.get(collection);
  if (path === undefined) return undefined;
  try {
    return await openDatasets.taskOf(path);
  } catch (error) {
    if (!(error instanceof EuarError || error instanceof Breakdown)) throw error;
    log(`labels: ${error.message}`); // the label of a person must not be lost for that
    return undefined;
  }
}

function csvOf({ people, rows }: LabelTable): string {
  const head = ["sample", "modality", "flag", ...people.map((person) => `label_${person}`)];
  const lines = rows.map(({ sample, modality, flag, labels: own }): CsvValue[] => [
    ...[sample, modality, flag],
    ...people.map((person) => cell(own[person])),
  ]);
  return csv(head, lines);
}

function cell(label: unknown): CsvValue {
  if (label === undefined) return null;
  return typeof label === "number" || typeof label === "string" ? label : JSON.stringify(label);
}

function linesOf({ rows }: LabelTable): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function absent(what: string): ServerError {
  return new ServerError("server.not-found", `there is no such ${what}`, {
    hint: `GET the path for a list of every ${what}.`,
  });
}

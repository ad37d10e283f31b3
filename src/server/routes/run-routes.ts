import { setTimeout as sleep } from "node:timers/promises";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { isRunName } from "../runs/run-name.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import {
  historySchema,
  runListSchema,
  runRequestSchema,
  runSchema,
  trainOptionsSchema,
} from "../schemas/run-schema.js";
import type { Services } from "../services.js";
import type { RunRow } from "../store/rows.js";
import { trainOptions } from "../runs/train-options.js";
import { trainSchema } from "../runs/train-schema.js";
import { notFound } from "../not-found.js";

type Run = z.infer<typeof runSchema>;

const params = z.object({ name: z.string() });
const tags = ["runs"];
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;
const absent = problems({ 404: "no such run" });

const listRoute = createRoute({
  method: "get",
  path: "/v1/runs",
  tags,
  summary: "Lists the runs of the server's folder and the queued ones",
  responses: { 200: json(runListSchema, "runs") },
});
const schemaRoute = createRoute({
  method: "get",
  path: "/v1/runs/schema",
  tags,
  summary: "Returns the JSON Schema of the options of a training",
  responses: { 200: json(z.record(z.string(), z.unknown()), "JSON Schema") },
});
const optionsRoute = createRoute({
  method: "get",
  path: "/v1/runs/options",
  tags,
  summary: "Returns the options of a training and their help by model, and the presets of each model",
  responses: { 200: json(trainOptionsSchema, "options") },
});
const submitRoute = createRoute({
  method: "post",
  path: "/v1/runs",
  tags,
  summary: "Queues a training of a model on a data set of the server",
  request: { body: { required: true, content: { "application/json": { schema: runRequestSchema } } } },
  responses: {
    202: json(runSchema, "queued"),
    ...problems({ 400: "a bad name or option", 404: "no such data set", 409: "a run of that name exists" }),
    ...jsonBodyProblems,
  },
});
const getRoute = createRoute({
  method: "get",
  path: "/v1/runs/{name}",
  tags,
  summary: "Returns a run with its configuration and results",
  request: { params },
  responses: { 200: json(runSchema, "the run"), ...absent },
});
const historyRoute = createRoute({
  method: "get",
  path: "/v1/runs/{name}/history",
  tags,
  summary: "Returns the records of the epochs so far",
  request: { params },
  responses: { 200: json(historySchema, "the epochs"), ...absent },
});
const eventsRoute = createRoute({
  method: "get",
  path: "/v1/runs/{name}/events",
  tags,
  summary: "Sends all past and new epochs, and each change of the run, until it ends (Server-Sent Events)",
  request: { params },
  responses: {
    200: {
      description: "events `epoch` with a record of history.jsonl, and `run` with the run",
      content: { "text/event-stream": { schema: runSchema } },
    },
    ...absent,
  },
});
const stopRoute = createRoute({
  method: "post",
  path: "/v1/runs/{name}/stop",
  tags,
  summary: "Stops a training. A running training stores a checkpoint first",
  request: { params },
  responses: { 202: json(runSchema, "will stop"), ...absent },
});
const resumeRoute = createRoute({
  method: "post",
  path: "/v1/runs/{name}/resume",
  tags,
  summary: "Continues a stopped or failed training",
  request: { params },
  responses: {
    202: json(runSchema, "queued"),
    ...problems({ 404: "no such run", 409: "the run has not stopped" }),
  },
});

/** Milliseconds between two reads of the files of a run. */
const LOOK = 500;

/** Adds the routes of trainings. */
export function addRunRoutes(app: OpenAPIHono, { trainings, folders, store }: Services): void {
  const show = (name: string, row: RunRow | null): Run => {
    const { config, results, hasCheckpoint } = folders.read(name);
    return {
      name,
      state: row?.state ?? "found",
      data: row?.data ?? null,
      created: row?.created ?? null,
      started: row?.started ?? null,
      finished: row?.finished ?? null,
      error: row?.error == null ? null : (JSON.parse(row.error) as Run["error"]),
      command: row === null ? null : trainings.commandOf(row),
      options: row === null ? null : (JSON.parse(row.options) as Run["options"]),
      config,
      results,
      resumable: hasCheckpoint,
    };
  };
  const find = async (name: string): Promise<Run> => {
    const row = isRunName(name) ? await store.ask("getRun", name) : null;
    if (row || folders.names().includes(name)) return show(name, row);
    throw notFound("run", name, folders.names());
  };

  app.openapi(listRoute, async (context) => {
    const rows = new Map((await store.ask("listRuns", undefined)).map((row) => [row.name, row]));
    const names = [...new Set([...rows.keys(), ...folders.names()])];
    return context.json({ runs: names.map((name) => show(name, rows.get(name) ?? null)) }, 200);
  });
  app.openapi(schemaRoute, async (context) => context.json(await trainSchema(), 200));
  app.openapi(optionsRoute, async (context) =>
    context.json({ folder: folders.folder, ...(await trainOptions()) }, 200),
  );
  app.openapi(submitRoute, async (context) => {
    const row = await trainings.submit(context.req.valid("json"));
    return context.json(show(row.name, row), 202, { location: `/v1/runs/${row.name}` });
  });
  app.openapi(getRoute, async (context) => context.json(await find(context.req.valid("param").name), 200));
  app.openapi(historyRoute, async (context) => {
    const { name } = await find(context.req.valid("param").name);
    return context.json({ epochs: [...folders.history(name)] }, 200);
  });
  app.openapi(stopRoute, async (context) => {
    const { name } = await find(context.req.valid("param").name);
    await trainings.stop(name);
    return context.json(await find(name), 202);
  });
  app.openapi(resumeRoute, async (context) => {
    const { name } = await find(context.req.valid("param").name);
    await trainings.restart(name);
    return context.json(await find(name), 202);
  });
  app.openAPIRegistry.registerPath(eventsRoute);
  app.get("/v1/runs/:name/events", async (context) => {
    const { name } = await find(context.req.param("name"));
    return streamSSE(context, async (stream) => {
      let sent = 0;
      let state: Run["state"] | undefined;
      while (!stream.aborted) {
        const run = await find(name);
        const isActive = run.state === "queued" || run.state === "running";
        const epochs = folders.history(name);
        for (const record of epochs.slice(sent)) {
          const data = JSON.stringify(record);
          await stream.writeSSE({ event: "epoch", id: String(record["epoch"]), data });
        }
        sent = Math.max(sent, epochs.length);
        if (run.state !== state) await stream.writeSSE({ event: "run", data: JSON.stringify(run) });
        state = run.state;
        if (!isActive) return;
        await sleep(LOOK);
      }
    });
  });
}

import { createHash, randomUUID } from "node:crypto";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { ServerError } from "../../core/errors.js";
import { type JobRequest, jobRequestSchema } from "../jobs/jobs.js";
import { predictionFormSchema, predictionQuery } from "../schemas/prediction-schema.js";
import { problems } from "../schemas/problem-schema.js";
import { jobListSchema, jobSchema } from "../schemas/store-schema.js";
import type { Services } from "../services.js";
import type { JobRow } from "../store/rows.js";
import { readUpload } from "../uploads/read-upload.js";
import { scoringQuery } from "./scoring-query.js";

const params = z.object({ id: z.string() });
const tags = ["jobs"];
const job = (description: string) =>
  ({ description, content: { "application/json": { schema: jobSchema } } }) as const;

const submitRoute = createRoute({
  method: "post",
  path: "/v1/jobs",
  tags,
  summary: "Scores one sample of long media later",
  description:
    "The job is stored before the response and survives a restart of the server. A request that " +
    "repeats an Idempotency-Key gets the job of the first request.",
  request: {
    query: predictionQuery,
    headers: z.object({ "idempotency-key": z.string().min(1).max(200).optional() }),
    body: { required: true, content: { "multipart/form-data": { schema: predictionFormSchema } } },
  },
  responses: {
    202: job("accepted; Location has its address"),
    ...problems({
      400: "a body or a parameter that cannot be read",
      404: "no such model",
      409: "an Idempotency-Key of another request",
      413: "a body over the limit",
      503: "the server is shutting down",
      507: "the disk is full",
    }),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/jobs",
  tags,
  summary: "Lists jobs, latest first",
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }) },
  responses: {
    200: { description: "jobs", content: { "application/json": { schema: jobListSchema } } },
    ...problems({ 400: "a bad parameter" }),
  },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{id}",
  tags,
  summary: "Returns a job",
  request: { params },
  responses: { 200: job("the job"), ...problems({ 404: "no such job" }) },
});

const eventsRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{id}/events",
  tags,
  summary: "Sends the job at each change, until it ends (Server-Sent Events)",
  request: { params },
  responses: {
    200: {
      description: "events `job`, each with a job",
      content: { "text/event-stream": { schema: jobSchema } },
    },
    ...problems({ 404: "no such job" }),
  },
});

const cancelRoute = createRoute({
  method: "delete",
  path: "/v1/jobs/{id}",
  tags,
  summary: "Cancels a job, or deletes a finished one",
  request: { params },
  responses: { 204: { description: "cancelled or deleted" }, ...problems({ 404: "no such job" }) },
});

/** Adds the routes of jobs. */
export function addJobRoutes(app: OpenAPIHono, services: Services): void {
  const { jobs, store } = services;
  const find = async (id: string): Promise<JobRow> => {
    const row = await store.ask("getJob", id);
    if (row) return row;
    throw new ServerError("server.not-found", `there is no job ${JSON.stringify(id)}`, {
      hint: "GET /v1/jobs lists them.",
    });
  };

  app.openAPIRegistry.registerPath(submitRoute);
  app.post(submitRoute.path, async (context) => {
    const { model, level, available } = scoringQuery(context, services);
    const upload = await readUpload(context.req.raw, services.limits, services.uploads);
    try {
      const request: JobRequest = {
        model: model.name,
        level,
        available: available && [...available],
        id: upload.id,
        files: upload.files,
        shown: upload.shown.map(([path, name]) => [path, name]),
        folder: upload.folder,
      };
      const fingerprint = createHash("sha256")
        .update(JSON.stringify([model.name, level, available, upload.digest]))
        .digest("hex");
      const row = newJob(request, fingerprint, context.req.header("idempotency-key") ?? null);
      const accepted = await jobs.submit(row);
      if (accepted.id !== row.id) await upload.remove();
      return context.json(shown(accepted), 202, { location: `/v1/jobs/${accepted.id}` });
    } catch (error) {
      await upload.remove();
      throw error;
    }
  });
  app.openapi(listRoute, async (context) => {
    const { limit } = context.req.valid("query");
    return context.json({ jobs: (await store.ask("listJobs", { limit })).map(shown) }, 200);
  });
  app.openapi(getRoute, async (context) =>
    context.json(shown(await find(context.req.valid("param").id)), 200),
  );
  app.openapi(cancelRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { state } = await find(id);
    if (state === "queued" || state === "running") await jobs.cancel(id);
    else await store.ask("deleteJob", id);
    return context.body(null, 204);
  });
  app.openAPIRegistry.registerPath(eventsRoute);
  app.get("/v1/jobs/:id/events", async (context) => {
    const id = context.req.param("id");
    await find(id);
    return streamSSE(context, async (stream) => {
      const changes: JobRow[] = [];
      let wake = (): void => undefined;
      const end = jobs.watch(id, (change) => {
        changes.push(change);
        wake();
      });
      stream.onAbort(() => {
        wake();
      });
      try {
        for (let row: JobRow | undefined = await find(id); row && !stream.aborted; row = changes.shift()) {
          await stream.writeSSE({ event: "job", data: JSON.stringify(shown(row)) });
          if (hasEnded(row)) return;
          if (changes.length === 0)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        end();
      }
    });
  });
}

function hasEnded({ state }: JobRow): boolean {
  return state !== "queued" && state !== "running";
}

function newJob(request: JobRequest, fingerprint: string, key: string | null): JobRow {
  return {
    id: randomUUID(),
    key,
    fingerprint,
    state: "queued",
    created: new Date().toISOString(),
    started: null,
    finished: null,
    attempts: 0,
    request: JSON.stringify(request),
    result: null,
    error: null,
  };
}

function shown({ request, result, error, ...row }: JobRow): z.infer<typeof jobSchema> {
  const { id, state, created, started, finished, attempts } = row;
  const { model } = jobRequestSchema.parse(JSON.parse(request));
  return {
    id,
    state,
    model,
    created,
    started,
    finished,
    attempts,
    result: result === null ? null : (JSON.parse(result) as z.infer<typeof jobSchema>["result"]),
    error: error === null ? null : (JSON.parse(error) as z.infer<typeof jobSchema>["error"]),
  };
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ConfigError } from "../../core/errors.js";
import { openReadStream } from "../../data/files/open-read-stream.js";
import { checkedQuery } from "../http/checked-query.js";
import { predictionsFile, type SplitName, SPLITS } from "../runs/compare-runs.js";
import { comparisonQuery, comparisonSchema } from "../schemas/experiment-schema.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";
import { notFound } from "../not-found.js";

const tags = ["runs"];
const splitQuery = z.object({ split: z.enum(SPLITS).default("test") });

const compareRoute = createRoute({
  method: "get",
  path: "/v1/comparisons",
  tags,
  summary: "Compares each run with the first one by paired tests on the same samples",
  request: { query: comparisonQuery },
  responses: {
    200: { description: "the comparison", content: { "application/json": { schema: comparisonSchema } } },
    ...problems({ 400: "a bad parameter", 404: "no such run", 422: "runs with different samples" }),
  },
});
const predictionsRoute = createRoute({
  method: "get",
  path: "/v1/runs/{name}/predictions",
  tags,
  summary: "Sends the predictions of a finished run on a split, with labels and diagnostics, as JSON lines",
  request: {
    params: z.object({ name: z.string() }),
    query: splitQuery,
  },
  responses: {
    200: {
      description: "the lines of predictions-test.jsonl or predictions-valid.jsonl",
      content: { "application/x-ndjson": { schema: z.record(z.string(), z.unknown()) } },
    },
    ...problems({ 400: "a bad parameter", 404: "no such run, or it has no predictions" }),
  },
});

/** Largest number of runs in one comparison. */
const MOST = 20;

/** Adds the routes that compare runs. */
export function addComparisonRoutes(app: OpenAPIHono, { folders, compareRuns }: Services): void {
  const folderOf = (name: string, split: SplitName): string => {
    const folder = folders.finishedPathOf(name);
    if (existsSync(join(folder, predictionsFile(split)))) return folder;
    throw notFound("finished run", name, folders.finishedNames());
  };
  app.openapi(compareRoute, async (context) => {
    const { runs, split, level } = context.req.valid("query");
    const names = [...new Set(runs.split(","))];
    if (names.length < 2 || names.length > MOST)
      throw new ConfigError("config.invalid", `runs has ${names.length} names, expected 2 to ${MOST}`, {
        hint: "Give different names of runs, separated by commas: ?runs=first,second.",
      });
    const places = names.map((name) => ({ name, folder: folderOf(name, split) }));
    const { metrics, ...about } = await compareRuns({ runs: places, split, level });
    const shown = metrics.map((metric) => ({ ...metric, runs: [...metric.runs] }));
    return context.json({ ...about, metrics: shown }, 200);
  });
  app.openAPIRegistry.registerPath(predictionsRoute);
  app.get("/v1/runs/:name/predictions", (context) => {
    const { split } = checkedQuery(splitQuery, context);
    const path = join(folderOf(context.req.param("name"), split), predictionsFile(split));
    const body = Readable.toWeb(openReadStream(path)) as ReadableStream<Uint8Array>;
    return new Response(body, {
      headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
    });
  });
}

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { SPLIT_NAMES } from "../../data/dataset.js";
import { distributionsSchema, featuresSchema, samplePageSchema } from "../schemas/dataset-schema.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";
import { datasetPath } from "../datasets/dataset-path.js";
import { listSamples } from "../datasets/list-samples.js";

const tags = ["data sets"];
const name = z.object({ name: z.string() });
const split = z.enum(SPLIT_NAMES);
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;
const refusals = problems({
  400: "a bad parameter",
  404: "no such data set or model",
  409: "an order or a filter that needs a model",
  422: "a data set that cannot be read",
});

const samplesRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}/samples",
  tags,
  summary: "Lists the samples of a split, without their features",
  request: {
    params: name,
    query: z.object({
      split: split.default("test"),
      from: z.coerce.number().int().min(0).default(0).describe("number of samples to skip"),
      limit: z.coerce.number().int().min(1).max(1000).default(50),
      search: z.string().optional().describe("part of the id or of the text; upper and lower case are equal"),
      least: z.coerce.number().optional().describe("only samples with at least this label (regression)"),
      most: z.coerce.number().optional().describe("only samples with at most this label (regression)"),
      label: z.string().optional().describe("only samples of this class, or with this label"),
      missing: z.string().optional().describe("only samples without this modality"),
      problem: z.string().optional().describe('only samples with this quality problem, e.g. "audio.silent"'),
      model: z.string().optional().describe("loaded model whose uncertainty and doubts are added"),
      order: z
        .enum(["split", "uncertain"])
        .default("split")
        .describe("uncertain: the most uncertain first; needs a model"),
      doubted: z
        .string()
        .optional()
        .describe("only samples of which the model doubts this modality; any: one of them"),
      flagged: z.enum(["true", "false"]).default("false").describe("true: only flagged samples"),
      unlabelledBy: z.string().optional().describe("only samples without a label of this person"),
      unlabelledFor: z.string().optional().describe("modality of that label (default: any)"),
    }),
  },
  responses: { 200: json(samplePageSchema, "a page"), ...refusals },
});

const featuresRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}/samples/{split}/{row}",
  tags,
  summary: "Returns the features of a sample in the form that POST /v1/predictions takes",
  request: { params: name.extend({ split, row: z.coerce.number().int().min(0) }) },
  responses: { 200: json(featuresSchema, "the features"), ...refusals },
});

const distributionsRoute = createRoute({
  method: "get",
  path: "/v1/datasets/{name}/distributions",
  tags,
  summary: "Returns histograms of the labels and lengths of each split",
  request: { params: name },
  responses: { 200: json(distributionsSchema, "histograms"), ...refusals },
});

/** Adds the routes of samples. A separate thread reads the samples and keeps the last data set. */
export function addSampleRoutes(app: OpenAPIHono, services: Services): void {
  const { datasets, openDatasets } = services;
  app.openapi(samplesRoute, async (context) => {
    const query = context.req.valid("query");
    const { name: known } = context.req.valid("param");
    const page = await listSamples(services, known, { ...query, flagged: query.flagged === "true" });
    return context.json(page, 200);
  });
  app.openapi(featuresRoute, async (context) => {
    const { name: known, split: part, row } = context.req.valid("param");
    const features = await openDatasets.ask(datasetPath(datasets, known), {
      kind: "features",
      split: part,
      row,
    });
    return context.json({ features }, 200);
  });
  app.openapi(distributionsRoute, async (context) => {
    const path = datasetPath(datasets, context.req.valid("param").name);
    return context.json(await openDatasets.ask(path, { kind: "distributions" }), 200);
  });
}

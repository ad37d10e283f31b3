import { z } from "@hono/zod-openapi";
import { RUN_STATES } from "../store/rows.js";
import { sampleErrorSchema } from "./problem-schema.js";

const time = z.string().describe("ISO 8601");
const object = z.record(z.string(), z.unknown());

export const runRequestSchema = z
  .strictObject({
    name: z.string().describe("name of the new run: letters, digits, - and _"),
    data: z.string().describe("name of a data set of the server"),
    options: object
      .default({})
      .describe(
        "options of `euar train` as in a config file, without data, out and paths; see /v1/runs/schema",
      ),
  })
  .openapi("RunRequest", {
    example: { name: "first", data: "synthetic", options: { model: "euar", epochs: 20, seed: 1 } },
  });

export const runSchema = z
  .object({
    name: z.string(),
    state: z.enum(RUN_STATES).describe("found: a run folder that the server did not train"),
    data: z.string().nullable().describe("name of the data set, if the server trained it"),
    created: time.nullable(),
    started: time.nullable(),
    finished: time.nullable(),
    error: sampleErrorSchema.nullable(),
    command: z.string().nullable().describe("equivalent command line"),
    options: object.nullable(),
    config: object.nullable().describe("config.json: the resolved configuration"),
    results: object.nullable().describe("metrics.json of a finished run"),
    resumable: z.boolean().describe("true if the run has a checkpoint"),
  })
  .openapi("Run");

export const runListSchema = z.object({ runs: z.array(runSchema) }).openapi("RunList");

export const historySchema = z
  .object({ epochs: z.array(object).describe("records of history.jsonl") })
  .openapi("History");

export const datasetListSchema = z
  .object({ datasets: z.array(z.object({ name: z.string(), path: z.string() })) })
  .openapi("DatasetList");

export const datasetSchema = z
  .object({ name: z.string(), summary: object.describe("output of `euar inspect --json`") })
  .openapi("Dataset");

export const loadRequestSchema = z
  .strictObject({
    run: z.string().describe("name of a finished run"),
    name: z.string().optional().describe("name of the loaded model (default: the run's)"),
    default: z.boolean().optional().describe("make it the default model"),
  })
  .openapi("LoadRequest");

const fieldSchema = z.object({
  key: z.string().describe("dotted path in a config file"),
  flag: z.string().describe("name on the command line, without the dashes"),
  alias: z.string().optional(),
  type: z.enum(["string", "number", "integer", "boolean", "list", "part"]),
  itemType: z.enum(["string", "number", "integer"]).optional(),
  choices: z.array(z.string()).readonly().optional(),
  fallback: z.unknown().optional().describe("default value"),
  required: z.boolean(),
  removable: z.boolean().describe("true if the value may be null: then the part or option is absent"),
  needs: z.object({ key: z.string(), values: z.array(z.string()).readonly() }).optional(),
  description: z.string(),
});
const fieldsSchema = z.array(fieldSchema).readonly();

export const trainOptionsSchema = z
  .object({
    folder: z.string().describe("folder of the runs"),
    models: z
      .array(
        z.object({
          name: z.string(),
          summary: z.string(),
          fields: fieldsSchema,
          presets: z.array(z.object({ name: z.string(), summary: z.string(), values: object })).readonly(),
        }),
      )
      .readonly(),
    groups: z.array(z.object({ name: z.string(), fields: fieldsSchema })).readonly(),
  })
  .openapi("TrainOptions");

import { z } from "@hono/zod-openapi";

/** Loaded model, in the form that clients get. */
export const modelSchema = z
  .object({
    name: z.string(),
    default: z.boolean().describe("true if it is used for requests without a model name"),
    task: z.enum(["regression", "multi-target", "classification", "multi-label"]),
    definition: z.string().describe("name of the model definition").openapi({ example: "euar" }),
    modalities: z.array(
      z.object({
        name: z.string(),
        width: z.int().describe("number of features per step"),
        medium: z.string().nullable().describe("text, audio, video or image; null for features only"),
        adapter: z.string().nullable().describe("adapter that made the training features"),
      }),
    ),
    outputs: z.array(z.string()).describe("names of the targets, classes or labels"),
    range: z
      .array(z.number())
      .nullable()
      .describe("least and largest label of a regression; null if the scale is unknown"),
    data: z.string().describe("name of the training data"),
    hash: z.string().describe("sha-256 of the run's configuration"),
    calibrated: z.boolean().describe("true if predictions have intervals or sets of classes"),
    readsMedia: z.boolean().describe("true if raw media can be scored"),
    inPage: z.boolean().describe("true if a web page can load the model and score in the browser"),
    loadedAt: z.string().describe("time of loading, ISO 8601"),
    waiting: z.int().describe("number of waiting and running requests"),
  })
  .openapi("Model");

export const modelListSchema = z.object({ models: z.array(modelSchema) }).openapi("ModelList");

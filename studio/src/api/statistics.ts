import type { z } from "@hono/zod-openapi";
import type { modelListSchema } from "../../../src/server/schemas/model-schema.js";
import type { statisticsSchema } from "../../../src/server/schemas/statistics-schema.js";
import { request, requestJson } from "./request.js";

export type Statistics = z.infer<typeof statisticsSchema>;
export type LoadedModel = z.infer<typeof modelListSchema>["models"][number];

/** @throws RequestError */
export async function readStatistics(model: string): Promise<Statistics> {
  const query = model === "" ? "" : `?model=${encodeURIComponent(model)}`;
  return (await requestJson(`v1/statistics${query}`)) as Statistics;
}

/** @throws RequestError */
export async function readModels(): Promise<readonly LoadedModel[]> {
  return ((await requestJson("v1/models")) as z.infer<typeof modelListSchema>).models;
}

/**
 * Loads a finished run as a model of the same name.
 * @throws RequestError
 */
export async function loadModel(run: string): Promise<void> {
  await request("v1/models", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ run }),
  });
}

/** @throws RequestError */
export async function unloadModel(name: string): Promise<void> {
  await request(`v1/models/${encodeURIComponent(name)}`, { method: "DELETE" });
}

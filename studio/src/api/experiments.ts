import type { z } from "@hono/zod-openapi";
import type { Experiments } from "../../../src/experiments/experiment-result.js";
import type { experimentListSchema } from "../../../src/server/schemas/experiment-schema.js";
import { requestJson } from "./request.js";

export type ExperimentInfo = z.infer<typeof experimentListSchema>["experiments"][number];

/** @throws RequestError */
export async function listExperiments(): Promise<readonly ExperimentInfo[]> {
  return ((await requestJson("v1/experiments")) as z.infer<typeof experimentListSchema>).experiments;
}

/**
 * Reads the results of an experiment. Null before it has any.
 * @throws RequestError
 */
export async function readExperiment(name: string): Promise<Experiments | null> {
  const answer = await requestJson(`v1/experiments/${encodeURIComponent(name)}`);
  return (answer as { readonly results: Experiments | null }).results;
}

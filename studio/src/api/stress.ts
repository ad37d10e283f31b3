import type { StressResult } from "../../../src/experiments/stress-run.js";
import { requestJson } from "./request.js";

/**
 * Measures a finished run under rising noise on the test split of a data set. The server remembers results.
 * @throws RequestError
 */
export async function readStress(run: string, data: string): Promise<StressResult> {
  const query = `data=${encodeURIComponent(data)}`;
  return (await requestJson(`v1/runs/${encodeURIComponent(run)}/stress?${query}`)) as StressResult;
}

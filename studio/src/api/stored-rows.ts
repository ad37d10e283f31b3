import type { StoredRow } from "../../../src/experiments/compare-stored.js";
import { request } from "./request.js";

/**
 * Reads the predictions that a run stored for its test split.
 * @throws RequestError
 */
export async function readStoredRows(run: string): Promise<readonly StoredRow[]> {
  const answer = await request(`v1/runs/${encodeURIComponent(run)}/predictions`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as StoredRow);
}

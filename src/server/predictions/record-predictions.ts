import { randomUUID } from "node:crypto";
import type { LoadedModel } from "../models/loaded-models.js";
import type { PredictionRow } from "../store/rows.js";
import type { Store } from "../store/store.js";
import type { FinalAnswer } from "./scoring.js";

/**
 * Stores predictions, and adds to each its id in the store. Returns the predictions unchanged if the server
 * stores nothing.
 * @throws ServerError "server.storage-full"
 */
export async function recordPredictions(
  store: Store,
  model: LoadedModel,
  source: PredictionRow["source"],
  answers: readonly FinalAnswer[],
): Promise<readonly FinalAnswer[]> {
  if (!store.keeps) return answers;
  const created = new Date().toISOString();
  const rows: PredictionRow[] = [];
  const recorded = answers.map((answer) => {
    if (answer.kind !== "prediction") return answer;
    const id = randomUUID();
    rows.push({
      id,
      created,
      model: model.name,
      modelHash: model.description.hash,
      sample: answer.id === undefined ? null : JSON.stringify(answer.id),
      source,
      result: answer.json,
    });
    return { ...answer, stored: id };
  });
  if (rows.length > 0) await store.ask("addPredictions", rows);
  return recorded;
}

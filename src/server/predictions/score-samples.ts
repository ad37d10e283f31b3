import { plainError } from "../../features/worker-thread.js";
import type { SampleAnswer } from "../models/scorer.js";
import { recordPredictions } from "./record-predictions.js";
import type { FinalAnswer, Scoring } from "./scoring.js";

/**
 * Scores the samples of a JSON body: features in the batch of the model, texts one after another in its
 * thread of media.
 * @throws ServerError "server.overloaded"; "server.storage-full" if the predictions cannot be kept
 */
export async function scoreSamples(
  body: string,
  scoring: Scoring,
): Promise<{ readonly many: boolean; readonly samples: readonly FinalAnswer[] }> {
  const { model, store, level, available } = scoring;
  const { many, samples } = await model.json.ask({ body, level, available });
  const answers: FinalAnswer[] = [];
  let hasText = false;
  for (const answer of samples) {
    hasText ||= answer.kind === "text";
    answers.push(answer.kind === "text" ? await scoreText(answer, scoring) : answer);
  }
  const recorded = await recordPredictions(store, model, hasText ? "media" : "features", answers);
  return { many, samples: recorded };
}

async function scoreText(
  { id, text }: Extract<SampleAnswer, { readonly kind: "text" }>,
  { model, signal, level, available, longest }: Scoring,
): Promise<FinalAnswer> {
  try {
    const json = await model.media.ask({ level, available, longest, files: { text }, shown: [] }, { signal });
    return { kind: "prediction", id, json };
  } catch (error) {
    return { kind: "error", id, error: plainError(error) };
  }
}

import { plainError } from "../../features/worker-thread.js";
import type { SampleAnswer } from "../models/scorer.js";
import type { FinalAnswer, Scoring } from "./scoring.js";

/**
 * Scores the samples of a JSON body: features in the batch of the model, texts one after another in its
 * thread of media.
 * @throws ServerError "server.overloaded"
 */
export async function scoreSamples(
  body: string,
  scoring: Scoring,
): Promise<{ readonly many: boolean; readonly samples: readonly FinalAnswer[] }> {
  const { model, level, available } = scoring;
  const { many, samples } = await model.json.ask({ body, level, available });
  const final: FinalAnswer[] = [];
  for (const answer of samples)
    final.push(answer.kind === "text" ? await scoreText(answer, scoring) : answer);
  return { many, samples: final };
}

async function scoreText(
  { id, text }: Extract<SampleAnswer, { readonly kind: "text" }>,
  { model, signal, ...how }: Scoring,
): Promise<FinalAnswer> {
  try {
    const json = await model.media.ask({ ...how, files: { text }, shown: [] }, signal);
    return { kind: "prediction", id, json };
  } catch (error) {
    return { kind: "error", id, error: plainError(error) };
  }
}

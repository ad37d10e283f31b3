import { plainError } from "../../features/worker-thread.js";
import type { BodyRequest, SampleAnswer } from "../models/scorer.js";
import { whenAccepted } from "../models/when-accepted.js";
import { recordPredictions } from "./record-predictions.js";
import type { FinalAnswer, Scoring } from "./scoring.js";

/** Body of a request, in its form. */
export type GivenBody = Pick<BodyRequest, "form" | "body">;

/**
 * Scores the samples of a body: features in a batch of the model, texts one after another in its media
 * thread.
 * @throws ServerError "server.overloaded"; "server.storage-full" if the predictions cannot be stored
 */
export async function scoreSamples(
  { form, body }: GivenBody,
  scoring: Scoring,
): Promise<{ readonly many: boolean; readonly samples: readonly FinalAnswer[] }> {
  const { model, store, level, available } = scoring;
  const { many, samples } = await inQueue(scoring, () =>
    model.features.ask({ form, body, level, available }),
  );
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
  scoring: Scoring,
): Promise<FinalAnswer> {
  const { model, level, available, longest } = scoring;
  const { signal } = scoring.request;
  const request = { level, available, longest, files: { text }, shown: [] };
  try {
    const json = await inQueue(scoring, () => model.media.ask(request, { signal }));
    return { kind: "prediction", id, json };
  } catch (error) {
    return { kind: "error", id, error: plainError(error) };
  }
}

function inQueue<Result>(scoring: Scoring, work: () => Promise<Result>): Promise<Result> {
  return scoring.waits === true ? whenAccepted(work, scoring.request.signal) : work();
}

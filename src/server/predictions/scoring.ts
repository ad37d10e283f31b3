import type { Store } from "../store/store.js";
import type { LoadedModel } from "../models/loaded-models.js";
import type { SampleAnswer } from "../models/scorer.js";

/** Options for scoring the samples of one request. */
export interface Scoring {
  readonly model: LoadedModel;
  /** Store for the predictions. */
  readonly store: Store;
  readonly level: number;
  readonly available: readonly string[] | undefined;
  /** Longest clip or sound, in seconds. */
  readonly longest: number;
  /** Its signal is aborted when the client disconnects. It is made only if it is needed. */
  readonly request: Pick<Request, "signal">;
  /** True to wait while a queue is full. Default: refuse the request with "server.overloaded". */
  readonly waits?: boolean;
}

/** Complete result of one sample. */
export type FinalAnswer = Exclude<SampleAnswer, { readonly kind: "text" }> & {
  /** Id of the prediction in the store. */
  readonly stored?: string;
};

/** Returns the JSON text of an answer. Inserts the text of the prediction without parsing it again. */
export function answerText(answer: FinalAnswer, model: string): string {
  const head = answer.id === undefined ? "" : `"id":${JSON.stringify(answer.id)},`;
  if (answer.kind === "prediction") {
    const stored = answer.stored === undefined ? "" : `"stored":"${answer.stored}",`;
    return `{${head}"model":${JSON.stringify(model)},${stored}${answer.json.slice(1)}`;
  }
  const { code, message, hint } = answer.error;
  return `{${head}"error":${JSON.stringify({ code, message, hint: hint ?? null })}}`;
}

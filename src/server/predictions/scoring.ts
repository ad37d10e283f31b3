import type { Store } from "../store/store.js";
import type { LoadedModel } from "../models/loaded-models.js";
import type { SampleAnswer } from "../models/scorer.js";

/** How the samples of one request are scored. */
export interface Scoring {
  readonly model: LoadedModel;
  /** Keeps the predictions. */
  readonly store: Store;
  readonly level: number;
  readonly available: readonly string[] | undefined;
  /** Longest clip or sound, in seconds. */
  readonly longest: number;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
  /** Wait while a queue is full. Default: the request is refused with "server.overloaded". */
  readonly waits?: boolean;
}

/** Answer of one sample after all threads are done with it. */
export type FinalAnswer = Exclude<SampleAnswer, { readonly kind: "text" }> & {
  /** Id of the prediction in the store. */
  readonly stored?: string;
};

/** Returns the JSON text of an answer. The prediction's own text is not parsed again. */
export function answerText(answer: FinalAnswer, model: string): string {
  const head = answer.id === undefined ? "" : `"id":${JSON.stringify(answer.id)},`;
  if (answer.kind === "prediction") {
    const stored = answer.stored === undefined ? "" : `"stored":"${answer.stored}",`;
    return `{${head}"model":${JSON.stringify(model)},${stored}${answer.json.slice(1)}`;
  }
  const { code, message, hint } = answer.error;
  return `{${head}"error":${JSON.stringify({ code, message, hint: hint ?? null })}}`;
}

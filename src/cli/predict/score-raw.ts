import { EuarError } from "../../core/errors.js";
import { isAboutTheMachine } from "../../features/machine-errors.js";
import { rawMediaOf } from "../../features/raw-files.js";
import { modalityFor, readableModalities } from "../../features/readable-modalities.js";
import type { Predictor } from "../../predict/predictor.js";
import type { MediaPrediction } from "../../predict/media-prediction.js";
import { errorAnswer, type ErrorAnswer } from "./error-answer.js";
import type { RawInput } from "./raw-input.js";

export interface RawScoring {
  readonly model: Predictor;
  /** Modalities that the model may use, by the model's names; undefined for all. */
  readonly available: readonly string[] | undefined;
  readonly level: number;
  readonly signal: AbortSignal;
}

export type ScoredRaw = { readonly id?: string | number; readonly clip?: string } & MediaPrediction;

/** Output line of a stream: a result, or the error of this input. */
export type Answer = ScoredRaw | ({ readonly id?: string | number; readonly clip?: string } & ErrorAnswer);

/**
 * Scores one raw sample.
 * @throws EuarError for a problem with the input or the machine
 */
export async function scoreRaw(
  { id, files }: RawInput,
  { model, available, level, signal }: RawScoring,
): Promise<ScoredRaw> {
  const readable = readableModalities(
    model.modalities.map(({ name }) => name),
    model.config.data.features ?? {},
  );
  const isHidden = (name: string | undefined): boolean =>
    name !== undefined && available !== undefined && !available.includes(name);
  const seen = readable.filter(({ name }) => !isHidden(name));
  const given = Object.entries(await rawMediaOf(files, seen, signal));
  const media = Object.fromEntries(given.filter(([key]) => !isHidden(modalityFor(key, readable))));
  const prediction = await model.predictMedia(media, { level, signal });
  return { ...nameOf({ id, files }), ...prediction };
}

/**
 * Scores one raw sample, as `scoreRaw` does. A problem with this input becomes its answer.
 * @throws EuarError for a problem that would affect every input
 */
export async function answerRaw(input: RawInput, scoring: RawScoring): Promise<Answer> {
  try {
    return await scoreRaw(input, scoring);
  } catch (error) {
    if (
      scoring.signal.aborted ||
      !(error instanceof EuarError) ||
      isAboutTheMachine(error) ||
      error.code === "media.mismatch"
    )
      throw error;
    return { ...nameOf(input), ...errorAnswer(error) };
  }
}

function nameOf({ id, files: { clip } }: RawInput): {
  readonly id?: string | number;
  readonly clip?: string;
} {
  return { ...(id !== undefined && { id }), ...(clip !== undefined && { clip }) };
}

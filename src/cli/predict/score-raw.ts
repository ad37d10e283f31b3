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
  /** The modalities that the model may see, by its names for them; all if undefined. */
  readonly available: readonly string[] | undefined;
  readonly level: number;
  readonly signal: AbortSignal;
}

export type ScoredRaw = { readonly id?: string | number; readonly clip?: string } & MediaPrediction;

/** A line of the answer to a stream: a result, or what was wrong with this input. */
export type Answer = ScoredRaw | ({ readonly id?: string | number; readonly clip?: string } & ErrorAnswer);

/** @throws EuarError for what is wrong with the input or the machine */
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
 * As `scoreRaw`, but what is wrong with the input is its answer. @throws EuarError for what would be wrong
 * with every input
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

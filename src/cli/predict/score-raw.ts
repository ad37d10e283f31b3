import { EuarError } from "../../core/errors.js";
import { isAboutTheMachine } from "../../features/machine-errors.js";
import type { MediaPrediction } from "../../predict/media-prediction.js";
import { type FileScoring, scoreFiles } from "../../predict/score-files.js";
import { errorAnswer, type ErrorAnswer } from "./error-answer.js";
import type { RawInput } from "./raw-input.js";

export type RawScoring = FileScoring;

export type ScoredRaw = { readonly id?: string | number; readonly clip?: string } & MediaPrediction;

/** Output line of a stream: a result, or the error of this input. */
export type Answer = ScoredRaw | ({ readonly id?: string | number; readonly clip?: string } & ErrorAnswer);

/**
 * Scores one raw sample.
 * @throws EuarError for a problem with the input or the machine
 */
export async function scoreRaw({ id, files }: RawInput, scoring: RawScoring): Promise<ScoredRaw> {
  return { ...nameOf({ id, files }), ...(await scoreFiles(files, scoring)) };
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

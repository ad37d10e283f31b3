import { DataError } from "../core/errors.js";
import type { Quality } from "../features/quality.js";
import type { ReadModality } from "../features/sample-reader.js";
import { type Doubt, doubtsOf, inputState, type Mismatch } from "./doubts.js";
import type { ModalityPrediction, Prediction, PredictionTask } from "./prediction.js";
import { verdictOf } from "./verdict.js";

/** Part of one modality in a prediction from raw media. */
export interface MediaModalityPrediction extends ModalityPrediction {
  /** True if a medium was given. `present` is true if a part of it could be used. */
  readonly given: boolean;
  /** Quality of the medium, measured before the model reads it; null without a medium. */
  readonly quality: Quality | null;
}

/** Part of a prediction that only raw media have. */
export interface MediaDetails {
  readonly modalities: Readonly<Record<string, MediaModalityPrediction>>;
  /** Unreliable inputs, with the reasons. */
  readonly doubted: readonly Doubt[];
  /** The prediction in plain sentences. */
  readonly verdict: string;
  /** Seconds that the extraction of features took, and seconds that the model took. */
  readonly seconds: { readonly features: number; readonly model: number };
}

/** Prediction from raw media. */
export type MediaPrediction<Kind extends PredictionTask = PredictionTask> = Prediction<Kind> & MediaDetails;

/**
 * @throws DataError "data.empty" if no modality can be used, with the reason for each; the error of the file
 * if an unreadable file was the only input
 */
export function requireSomeInput(read: ReadonlyMap<string, ReadModality>): void {
  const states = [...read].map(([name, modality]) => ({ name, modality, state: inputState(modality) }));
  if (states.some(({ state }) => state.given && state.unusable.length === 0)) return;
  const given = states.filter(({ state }) => state.given);
  const [only] = given;
  if (given.length === 1 && only?.modality.kind === "unreadable" && only.modality.error)
    throw only.modality.error;
  const reasons = states.map(({ name, modality, state: { unusable } }) =>
    unusable.length === 0
      ? `${name} is missing`
      : `${name}${ofFile(modality)} cannot be used (${unusable.map(({ message }) => message).join(", ")})`,
  );
  throw new DataError(
    "data.empty",
    `prediction: no modality of this sample can be used: ${reasons.join("; ")}`,
    {
      hint: "Give at least one usable input.",
    },
  );
}

/** Names the file of a modality. The reason already names an unreadable file. */
function ofFile(modality: ReadModality): string {
  return modality.kind === "read" && modality.file !== undefined ? ` of ${modality.file}` : "";
}

/** Properties of a prediction from media that are not part of the model's output. */
export interface MediaFindings {
  readonly seconds: MediaDetails["seconds"];
  /** The text that does not fit its sound, if any. */
  readonly mismatch?: Mismatch | undefined;
}

/** Adds the quality and the doubts of the media to a prediction. */
export function describeMedia<Kind extends PredictionTask>(
  prediction: Prediction<Kind>,
  read: ReadonlyMap<string, ReadModality>,
  { seconds, mismatch }: MediaFindings,
): MediaPrediction<Kind> {
  const inputs = Object.fromEntries([...read].map(([name, modality]) => [name, inputState(modality)]));
  const modalities = Object.entries(prediction.modalities).map(
    ([name, described]) =>
      [
        name,
        { ...described, given: inputs[name]?.given ?? false, quality: inputs[name]?.quality ?? null },
      ] as const,
  );
  const doubted = doubtsOf(prediction, inputs, mismatch);
  return {
    ...prediction,
    modalities: Object.fromEntries(modalities),
    doubted,
    verdict: verdictOf(prediction, doubted, inputs),
    seconds,
  };
}

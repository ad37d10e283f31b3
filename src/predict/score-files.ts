import { rawMediaOf, type RawFiles } from "../features/raw-files.js";
import { modalityFor, readableModalities } from "../features/readable-modalities.js";
import type { MediaPrediction } from "./media-prediction.js";
import type { Predictor } from "./predictor.js";

/** Options for scoring one sample of files. */
export interface FileScoring {
  readonly model: Predictor;
  /** Modalities that the model may use, by the model's names; undefined for all. */
  readonly available: readonly string[] | undefined;
  readonly level: number;
  readonly signal: AbortSignal;
  /** Compare texts with the speech of their sounds. Default false. */
  readonly checkTranscript?: boolean;
}

/**
 * Scores one sample of files and texts.
 * @throws EuarError for a problem with the input or the machine
 */
export async function scoreFiles(
  files: RawFiles,
  { model, available, level, signal, checkTranscript = false }: FileScoring,
): Promise<MediaPrediction> {
  const readable = readableModalities(
    model.modalities.map(({ name }) => name),
    model.config.data.features ?? {},
  );
  const isHidden = (name: string | undefined): boolean =>
    name !== undefined && available !== undefined && !available.includes(name);
  const seen = readable.filter(({ name }) => !isHidden(name));
  const given = Object.entries(await rawMediaOf(files, seen, signal));
  const media = Object.fromEntries(given.filter(([key]) => !isHidden(modalityFor(key, readable))));
  return model.predictMedia(media, { level, signal, checkTranscript });
}

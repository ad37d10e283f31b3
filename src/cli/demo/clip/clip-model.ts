import type { Dataset } from "../../../data/dataset.js";
import { loadDataset } from "../../../data/formats/load-dataset.js";
import type { Predictor } from "../../../predict/predictor.js";
import type { ClipModel } from "../../../report/demo/clip-results.js";
import type { TrainEvent } from "../../../train/events.js";
import { train } from "../../../train/train.js";
import type { TrainRequest } from "../../../train/train-request.js";
import { clipFile } from "./clip-inputs.js";

/** Preset of the model that scores the clip. */
const PRESET = "precision";

/** Label of the model in the progress of the demo. */
export const CLIP_MODEL = "EUAR precision, real clip";

export interface ClipTraining {
  readonly seed: number;
  readonly backend: Pick<TrainRequest, "backend" | "threads" | "arithmetic">;
  /** Run folder. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** Trained model with its description for the report. */
export interface TrainedClipModel {
  readonly predictor: Predictor;
  readonly about: ClipModel;
}

/**
 * Trains the preset precision on the features that the package contains: texts, and a few clips with
 * corrupted copies. Keeps the weights of the last epoch, because the variances learn longer than the
 * predictions.
 * @throws TrainError "train.interrupted"
 */
export async function trainClipModel(training: ClipTraining): Promise<TrainedClipModel> {
  const { seed, backend, out, signal, onEvent } = training;
  const dataset = await loadDataset(clipFile("training"));
  const run = await train(
    {
      model: { name: "euar", preset: PRESET },
      train: { seed, selectBy: "last" },
      ...backend,
      out,
      overwrite: true,
      source: { path: dataset.name },
    },
    dataset,
    { signal, onEvent },
  );
  const { sizes } = run.config.data;
  return {
    predictor: run.model,
    about: {
      preset: PRESET,
      sizes,
      withSound: Object.fromEntries(
        Object.entries(dataset.splits).map(([name, { modalities }]) => [
          name,
          modalities["audio"]?.present.reduce((sum, flag) => sum + flag, 0) ?? 0,
        ]),
      ),
      copies: dataset.copies?.rows.length ?? 0,
      trainedKinds: kindsOfCopies(dataset),
      testError: run.metrics.test.MAE ?? null,
      warnings: run.warnings,
      seconds: run.seconds,
    },
  };
}

/** Returns the kinds of corruption of the copies by modality, in alphabetical order. */
function kindsOfCopies({ copies }: Dataset): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(copies?.damage ?? {}).map(([name, { kind }]) => [
      name,
      [...new Set(kind)].filter((one) => one !== "clean").sort(),
    ]),
  );
}

import { ConfigError } from "../../core/errors.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { type StressResult, stressRun } from "../../experiments/stress-run.js";
import { Predictor } from "../../predict/predictor.js";

/** Stress test of one run. */
export interface StressRequest {
  readonly name: string;
  /** Folder of the run. */
  readonly folder: string;
  /** Path of the data set. */
  readonly data: string;
}

/**
 * Loads a run and a data set, and measures the run under rising noise.
 * @throws ConfigError "config.conflict" for a run with a text encoder: its texts are not in the data set
 * @throws EuarError as `loadDataset`, `Predictor.load` and `evaluate`
 */
export async function stressTest({ name, folder, data }: StressRequest): Promise<StressResult> {
  const predictor = await Predictor.load(folder);
  if (predictor.config.encoder)
    throw new ConfigError("config.conflict", `the run "${name}" reads texts with a pretrained encoder`, {
      hint: "Measure it on the command line: euar evaluate --run RUN --data DATA --noise gaussian:1.",
    });
  return stressRun(predictor, await loadDataset(data), { label: name });
}

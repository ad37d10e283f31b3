import { labelOf } from "../data/label-of.js";
import type { Split } from "../data/dataset.js";
import { DEFAULT_LEVEL } from "../predict/calibration.js";
import { fitCalibration } from "../predict/fit-calibration.js";
import { shortFloat } from "../runs/canonical-json.js";
import { coverageReport } from "../evaluate/coverage-report.js";
import { Predictor } from "../predict/predictor.js";
import type { SplitOutputs } from "../predict/forward-split.js";
import type { MetricReport } from "../metrics/metric-report.js";
import { thresholdsOf } from "../runs/stored-calibration.js";
import { forwardSplit } from "../predict/forward-split.js";
import { Intervals } from "../predict/intervals.js";
import { describePrediction } from "../predict/describe-prediction.js";
import type { PreparedRun } from "./prepare-run.js";
import type { ProgressClock } from "./progress-clock.js";
import type { TrainResult } from "../runs/results.js";
import { taskMetrics } from "../evaluate/task-metrics.js";
import { settleTrust } from "./settle-trust.js";
import type { Trainer } from "./trainer.js";
import { sampleUncertainty } from "../evaluate/uncertainty-report.js";
import { encodeWeights } from "../runs/weight-file.js";

/**
 * Evaluates the best weights once on the validation and test splits. Writes the final files of the run
 * folder.
 */
export function finishRun(
  run: PreparedRun,
  trainer: Trainer,
  clock: ProgressClock,
): TrainResult & { readonly model: Predictor } {
  const { config, hash, model, normaliser, splits, folder } = run;
  const ignored = settleTrust(model, splits, config.train.seed);
  const forward = (split: Split): SplitOutputs =>
    forwardSplit(model, split, config.train.seed, { spread: true });
  const outputs = { valid: forward(splits.valid), test: forward(splits.test) };
  const calibration = fitCalibration(config.data.task, splits.valid, outputs.valid);
  const thresholds = thresholdsOf(calibration);
  const metricsOf = (split: "valid" | "test"): MetricReport =>
    taskMetrics(config.data.task, outputs[split].prediction, splits[split].labels, thresholds);
  const [valid, test] = [metricsOf("valid"), metricsOf("test")];
  const intervals = new Intervals(calibration, DEFAULT_LEVEL);
  const { bestEpoch, epoch, history } = trainer.progress;
  const result: TrainResult = {
    folder: folder?.path,
    config,
    hash,
    metrics: { valid: valid.values, test: test.values },
    coverage: coverageReport(
      config.data.task,
      splits.test,
      outputs.test,
      intervals,
      sampleUncertainty(splits.test, outputs.test),
    ),
    warnings: [
      ...ignored.map(ignoredText),
      ...valid.warnings.map((text) => `valid: ${text}`),
      ...test.warnings.map((text) => `test: ${text}`),
    ],
    history,
    bestEpoch,
    stoppedEarly: epoch < config.train.epochs,
    seconds: clock.seconds(),
  };
  if (folder) {
    const { metrics, coverage, warnings, stoppedEarly, seconds } = result;
    folder.write(
      "weights",
      encodeWeights({ model, normaliser, calibration, config, hash, bestEpoch, whole: run.merge }),
    );
    folder.write("predictionsValid", predictionLines(run, splits.valid, outputs.valid, intervals));
    folder.write("predictionsTest", predictionLines(run, splits.test, outputs.test, intervals));
    folder.writeJson("metrics", {
      hash,
      ...metrics,
      coverage,
      warnings,
      bestEpoch,
      epochs: epoch,
      stoppedEarly,
      seconds,
      engine: model.parameters.backend.engine,
    });
    folder.remove("checkpoint");
  }
  clock.onDone(result.stoppedEarly);
  return { ...result, model: Predictor.fromParts({ config, hash, network: model, normaliser, calibration }) };
}

function ignoredText(modality: string): string {
  return (
    `${modality}: alone it is no better than a constant prediction on the validation split (p > 0.01), so ` +
    "it is left out, and samples without another input get a constant; trust: all uses it"
  );
}

/** Replacer of `JSON.stringify` that shortens numbers. */
function withShortFloats(_: string, value: unknown): unknown {
  return typeof value === "number" ? shortFloat(value) : value;
}

/** Returns one line of JSON per sample: id, label, prediction and diagnostics by modality. */
function predictionLines(
  { config }: PreparedRun,
  split: Split,
  outputs: SplitOutputs,
  intervals: Intervals,
): string {
  const { task } = config.data;
  const lines = split.ids.map((id, row) => {
    const present = Object.entries(split.modalities).map(
      ([name, table]) => [name, table.present[row] === 1] as const,
    );
    const line = {
      id,
      label: labelOf(split, row, task),
      ...describePrediction(task, outputs, row, Object.fromEntries(present), intervals),
    };
    return `${JSON.stringify(line, withShortFloats)}\n`;
  });
  return lines.join("");
}

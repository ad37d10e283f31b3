import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CheckpointError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { readSmallText } from "../data/files/read-small-file.js";
import type { Dataset } from "../data/dataset.js";
import { describeRun } from "./prepare-run.js";
import type { CoverageReport, EpochRecord, Metrics, TrainResult } from "../runs/results.js";
import { runFiles } from "../runs/run-files.js";
import type { TrainRequest } from "./train-request.js";

/**
 * Reads the result of a request from its run folder. Returns undefined if the run is not finished.
 *
 * @throws CheckpointError "checkpoint.mismatch" if the folder holds a run of another configuration or other
 * data
 * @throws CheckpointError "checkpoint.format" if the folder is damaged
 */
export function storedResult(request: TrainRequest, dataset: Dataset): TrainResult | undefined {
  if (request.out === undefined) return undefined;
  const folder = resolve(request.out);
  const file = join(folder, runFiles.metrics);
  if (!existsSync(file)) return undefined;
  const { config, hash } = describeRun(request, dataset);
  const stored = parse(readSmallText(file), file);
  if (stored["hash"] !== hash) {
    throw new CheckpointError(
      "checkpoint.mismatch",
      `${folder} holds a finished run of another configuration or other data: ` +
        `its hash is ${String(stored["hash"])}, this run's is ${hash}`,
      {
        hint:
          "Use the options and data that the run was started with, choose another --out, " +
          "or start again with --overwrite.",
      },
    );
  }
  const { valid, test, coverage, warnings, bestEpoch, stoppedEarly, seconds } = stored;
  if (
    !isMetrics(valid) ||
    !isMetrics(test) ||
    !isTexts(warnings) ||
    typeof bestEpoch !== "number" ||
    typeof stoppedEarly !== "boolean" ||
    typeof seconds !== "number"
  ) {
    throw damaged(file);
  }
  const history = readSmallText(join(folder, runFiles.history))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse(line, join(folder, runFiles.history)) as unknown as EpochRecord);
  return {
    folder,
    config,
    hash,
    metrics: { valid, test },
    coverage: isRecord(coverage) ? (coverage as unknown as CoverageReport) : undefined,
    warnings,
    history,
    bestEpoch,
    stoppedEarly,
    seconds,
  };
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw damaged(file, cause);
  }
  throw damaged(file);
}

function damaged(file: string, cause?: unknown): CheckpointError {
  return new CheckpointError("checkpoint.format", `${file} is damaged`, {
    hint: "Train again with --overwrite.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function isMetrics(value: unknown): value is Metrics {
  return (
    isRecord(value) && Object.values(value).every((entry) => entry === null || typeof entry === "number")
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../core/errors.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { writeFile, writing } from "../data/files/write-file.js";
import type { Normaliser } from "../data/normaliser.js";
import { Predictor } from "../predict/predictor.js";
import { hashBytes } from "../core/hash-bytes.js";
import { readWeights } from "../runs/read-weights.js";
import { runFiles } from "../runs/run-files.js";
import { makeFolder } from "../runs/run-folder.js";
import { decodeWeights } from "../runs/weight-file.js";
import { compareOnnx, type OnnxRuntime } from "./compare-onnx.js";
import { exportOnnx, type OnnxExport } from "./export-onnx.js";
import { type MetricInterval, metricIntervals, readScores } from "./metric-intervals.js";
import { modelCard } from "./model-card.js";
import { everySubset, probeBatch } from "./probe-batch.js";

/** Files of an export folder. */
export const exportFiles = { model: "model.onnx", card: "MODEL_CARD.md" } as const;

export interface ExportRunOptions {
  /** Run folder, or a weights.safetensors file. */
  readonly run: string;
  /** Folder for the files. */
  readonly out: string;
  /** Replace existing files. */
  readonly overwrite: boolean;
}

export interface ExportReport {
  /** Absolute path. */
  readonly model: string;
  readonly card: string;
  readonly bytes: number;
  /** sha-256 of the model file. */
  readonly digest: string;
  readonly hash: string;
  readonly inputs: OnnxExport["inputs"];
  readonly outputs: OnnxExport["outputs"];
  readonly batchDependent: boolean;
  readonly metrics: readonly MetricInterval[] | null;
  /**
   * Largest difference from onnxruntime, relative to max(1, |value|). Null if onnxruntime-web is not
   * installed.
   */
  readonly difference: number | null;
}

/**
 * Exports a trained model as model.onnx with a MODEL_CARD.md. Compares it with the original first, if
 * onnxruntime-web is installed.
 * @throws CheckpointError for an unreadable run
 * @throws ConfigError for a model without ONNX export, or existing files
 * @throws EuarError "io.write"
 */
export async function exportRun({ run, out, overwrite }: ExportRunOptions): Promise<ExportReport> {
  const folder = resolve(out);
  refuseToReplace(folder, overwrite);
  const { file, bytes } = readWeights(run);
  const { bestEpoch } = decodeWeights(bytes, file);
  const predictor = await Predictor.fromWeights(bytes, { name: file });
  const exported = await exportOnnx(predictor);
  const metrics = storedMetrics(dirname(file), predictor);
  const difference = await measuredDifference(predictor, exported);
  const digest = hashBytes(exported.bytes);
  const card = modelCard({
    config: predictor.config,
    hash: predictor.hash,
    bestEpoch,
    parameters: predictor.network.parameters.count(),
    exported,
    digest,
    metrics,
    difference,
    normalisation: describeNormalisation(predictor.normaliser),
  });
  write(folder, exportFiles.model, exported.bytes);
  write(folder, exportFiles.card, card);
  const { inputs, outputs, batchDependent } = exported;
  const paths = { model: join(folder, exportFiles.model), card: join(folder, exportFiles.card) };
  return {
    ...paths,
    bytes: exported.bytes.length,
    digest,
    hash: predictor.hash,
    inputs,
    outputs,
    batchDependent,
    metrics: metrics ?? null,
    difference: difference ?? null,
  };
}

function refuseToReplace(folder: string, overwrite: boolean): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new ConfigError(
      "config.conflict",
      `cannot export into ${folder}: it is a file, but a folder is needed`,
      { hint: "Choose another --out." },
    );
  }
  const there = Object.values(exportFiles).find((name) => existsSync(join(folder, name)));
  if (there === undefined || overwrite) return;
  throw new ConfigError("config.conflict", `${folder} already has a ${there}`, {
    hint: "Choose another --out, or pass --overwrite to replace it.",
  });
}

/**
 * Returns the test metrics of the run folder that contains the weights. Undefined for a single weight file.
 */
function storedMetrics(folder: string, { config }: Predictor): MetricInterval[] | undefined {
  const file = join(folder, runFiles.predictionsTest);
  if (!existsSync(file) || !existsSync(join(folder, runFiles.metrics))) return undefined;
  return metricIntervals(
    readScores(readSmallText(file, { limit: 2 ** 29 }), config.data.task, file),
    config.data.task,
  );
}

async function measuredDifference(predictor: Predictor, exported: OnnxExport): Promise<number | undefined> {
  let runtime: OnnxRuntime;
  try {
    runtime = await import("onnxruntime-web");
  } catch {
    return undefined; // an optional package
  }
  const batches = [
    probeBatch(predictor, 2 ** Math.min(predictor.modalities.length, 6), everySubset),
    probeBatch(predictor, 1, () => false),
  ];
  return (await compareOnnx(predictor, exported, batches, runtime)).difference;
}

function describeNormalisation({ kind, clip, length, kept }: Normaliser): string {
  if (kind === "none") return "no normalisation";
  const clipped = clip > 0 ? `, clipped at ${clip} standard deviations` : "";
  const scaled = kind === "zscore" ? "" : `, scaled to length ${length}`;
  const untouched = kept.length > 0 ? ` (except ${kept.join(", ")})` : "";
  return `the normalisation of the training data (${kind}${clipped}${scaled})${untouched}`;
}

function write(folder: string, name: string, content: string | Uint8Array): void {
  writing(folder, () => {
    makeFolder(folder);
  });
  writeFile(join(folder, name), content);
}

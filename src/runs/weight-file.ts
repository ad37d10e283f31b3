import { CheckpointError } from "../core/errors.js";
import {
  type FeatureScaling,
  type FeatureStatistics,
  type Normaliser,
  normaliserKinds,
  vectorsOf,
} from "../data/normaliser.js";
import type { Model } from "../models/model.js";
import type { FloatArray } from "../tensor/backend.js";
import type { Calibration } from "./stored-calibration.js";
import { CALIBRATION, calibrationOf, calibrationTensors } from "./calibration-file.js";
import { canonicalJson } from "./canonical-json.js";
import { checkRunConfig } from "./check-run-config.js";
import type { Weights } from "./checkpoint.js";
import { hashText } from "./hash.js";
import type { RunConfig } from "./results.js";
import { readSafetensors, type StoredTensor, writeSafetensors } from "./safetensors.js";

/** Stored model: enough to predict, without the rest of the run folder. */
export interface WeightFile {
  readonly config: RunConfig;
  readonly hash: string;
  readonly bestEpoch: number;
  readonly normaliser: Normaliser;
  readonly weights: Weights;
  /** Undefined in an old file without a calibration. */
  readonly calibration: Calibration | undefined;
}

/** Content of a weight file. */
export interface WeightFileParts {
  readonly model: Model;
  readonly normaliser: Normaliser;
  readonly calibration: Calibration;
  readonly config: RunConfig;
  readonly hash: string;
  readonly bestEpoch: number;
  /** Also store the arrays that are not trained. The file then needs no pretrained encoder. Default false. */
  readonly whole?: boolean;
}

const FORMAT = "euar-weights/1";
const STATISTICS = "normaliser:";

/**
 * Encodes weights.safetensors: one tensor per parameter under its name, `normaliser:<modality>/mean` and
 * `/std`, `calibration:...`, and the configuration as metadata.
 */
export function encodeWeights({
  model,
  normaliser,
  calibration,
  config,
  hash,
  bestEpoch,
  whole = false,
}: WeightFileParts): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, buffer } of [
    ...model.parameters.all(),
    ...(whole ? (model.constants ?? []) : []),
  ])
    tensors.set(name, { shape, values: buffer.view });
  for (const [name, { mean, std }] of Object.entries(normaliser.modalities)) {
    tensors.set(`${STATISTICS}${name}/mean`, { shape: [mean.length], values: Float64Array.from(mean) });
    tensors.set(`${STATISTICS}${name}/std`, { shape: [std.length], values: Float64Array.from(std) });
  }
  for (const [name, tensor] of calibrationTensors(calibration)) tensors.set(name, tensor);
  const { kind, clip, length, kept } = normaliser;
  const metadata = {
    format: FORMAT,
    config: canonicalJson(config),
    hash,
    best_epoch: String(bestEpoch),
    normaliser: canonicalJson({ kind, clip, length, kept }),
  };
  return writeSafetensors({ tensors, metadata });
}

/**
 * Decodes weights.safetensors.
 *
 * @throws CheckpointError if the file is damaged, of another format, or its configuration was edited
 */
export function decodeWeights(bytes: Uint8Array, what: string): WeightFile {
  const { tensors, metadata } = readSafetensors(bytes, what);
  if (metadata["format"] !== FORMAT) {
    throw new CheckpointError(
      "checkpoint.format",
      `${what} was not written by euar: ` +
        `its format is ${JSON.stringify(metadata["format"] ?? null)}, expected "${FORMAT}"`,
    );
  }
  const config = checkRunConfig(parseMetadata(metadata, "config", what), what);
  const hash = hashText(metadata["config"] ?? ""); // the stored text is canonical
  if (hash !== metadata["hash"]) {
    throw new CheckpointError(
      "checkpoint.format",
      `${what}: the configuration does not match its stored hash`,
      {
        hint: "The file was changed after training; use the original.",
      },
    );
  }
  const weights = new Map<string, FloatArray>();
  for (const [name, { values }] of tensors) {
    if (
      name.startsWith(STATISTICS) ||
      name.startsWith(CALIBRATION) ||
      !(values instanceof Float32Array || values instanceof Float64Array)
    )
      continue;
    if (!allFinite(values))
      throw new CheckpointError("checkpoint.format", `${what}: the weights of "${name}" are not all finite`);
    weights.set(name, values);
  }
  const scaling = scalingOf(parseMetadata(metadata, "normaliser", what), what);
  const { task, modalities } = config.data;
  const statistics = [...modalities, ...frozenVectors(config, tensors)].map(
    ({ name, width }) => [name, statisticsOf(name, width, tensors, what)] as const,
  );
  const calibration = calibrationOf(
    tensors,
    task,
    modalities.map(({ name }) => name),
    what,
  );
  return {
    config,
    hash,
    bestEpoch: Number(metadata["best_epoch"] ?? 0),
    normaliser: { ...scaling, modalities: Object.fromEntries(statistics) },
    weights,
    calibration,
  };
}

function allFinite(values: FloatArray): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function scalingOf(value: unknown, what: string): FeatureScaling {
  const { kind, clip, length, kept } = value as Partial<Record<keyof FeatureScaling, unknown>>;
  const known = normaliserKinds.find((name) => name === kind);
  const names = Array.isArray(kept) && kept.every((name) => typeof name === "string") ? kept : undefined;
  if (known && names && typeof clip === "number" && typeof length === "number")
    return { kind: known, clip, length, kept: names };
  throw new CheckpointError(
    "checkpoint.format",
    `${what}: its record of the feature normalisation is not ` + `valid`,
  );
}

function parseMetadata(metadata: Readonly<Record<string, string>>, key: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(metadata[key] ?? "");
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // reported below
  }
  throw new CheckpointError("checkpoint.format", `${what}: its metadata has no valid "${key}"`);
}

/** Returns the vectors of a frozen encoder inside the model, if the file has their statistics. */
function frozenVectors(
  { encoder }: RunConfig,
  tensors: ReadonlyMap<string, StoredTensor>,
): { readonly name: string; readonly width: number }[] {
  if (!encoder) return [];
  const name = vectorsOf(encoder.modality);
  const mean = tensors.get(`${STATISTICS}${name}/mean`);
  return mean ? [{ name, width: mean.values.length }] : [];
}

function statisticsOf(
  modality: string,
  width: number,
  tensors: ReadonlyMap<string, StoredTensor>,
  what: string,
): FeatureStatistics {
  const mean = tensors.get(`${STATISTICS}${modality}/mean`)?.values;
  const std = tensors.get(`${STATISTICS}${modality}/std`)?.values;
  if (
    mean?.length !== width ||
    std?.length !== width ||
    !mean.every(Number.isFinite) ||
    !std.every((value) => value > 0 && Number.isFinite(value))
  ) {
    throw new CheckpointError(
      "checkpoint.format",
      `${what} lacks valid statistics of the ${width} features of modality "${modality}"`,
    );
  }
  return { mean: Array.from(mean), std: Array.from(std) };
}

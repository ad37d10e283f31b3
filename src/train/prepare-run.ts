import { checkOptions } from "../core/check-options.js";
import { defined } from "../core/defined.js";
import { ConfigError } from "../core/errors.js";
import { packageInfo } from "../core/package-info.js";
import { checkDataset } from "../data/check-dataset.js";
import type { DamagedCopies, Dataset, Split, SplitName } from "../data/dataset.js";
import { withScale } from "../data/label-scale.js";
import { fitNormaliser, type Normaliser, normaliseDataset, vectorsOf } from "../data/normaliser.js";
import { buildEncoder } from "../encoders/open-encoder.js";
import type { TextEncoder } from "../encoders/text-encoder.js";
import { encodedSplit } from "../models/encode-split.js";
import { createEncodedModel } from "../models/encoded-text.js";
import type { DataSignature, Model } from "../models/model.js";
import { createModel, resolveModelChoice } from "../models/registry.js";
import { createBackend } from "../predict/create-backend.js";
import { fingerprint, hashConfig } from "../runs/hash.js";
import { checkCopies } from "./check-copies.js";
import { checkEncodedRun } from "./check-encoded-run.js";
import { startAtMean } from "./output-start.js";
import { resolveTrainConfig } from "./resolve-train-config.js";
import { RUN_FORMAT, type RunConfig } from "../runs/results.js";
import type { RunFolder } from "../runs/run-folder.js";
import { refuseStepOptions } from "./solved-options.js";
import { type TrainRequest, trainRequestSchema } from "./train-request.js";

/** Everything that a run needs before its first step. Nothing has been written yet. */
export interface PreparedRun {
  readonly config: RunConfig;
  readonly hash: string;
  readonly model: Model;
  readonly normaliser: Normaliser;
  /** Normalised. */
  readonly splits: Readonly<Record<SplitName, Split>>;
  /** Normalised corrupted copies, if the data set has any. */
  readonly copies?: DamagedCopies;
  readonly folder: RunFolder | undefined;
  /** See {@link TrainRequest.merge}. */
  readonly merge: boolean;
}

/**
 * Returns the complete configuration of a request on a data set, and its hash. The hash identifies the run.
 *
 * @throws ConfigError
 */
export function describeRun(
  request: TrainRequest,
  dataset: Dataset,
): { readonly config: RunConfig; readonly hash: string } {
  const { name, config: modelConfig, train: preset } = resolveModelChoice(request.model);
  const train = resolveTrainConfig(request.train, preset);
  const config: RunConfig = {
    format: RUN_FORMAT,
    package: packageInfo,
    model: { name, config: modelConfig },
    train,
    backend: request.backend === "reference" ? "reference" : "wasm",
    ...(request.arithmetic === "fast" && { arithmetic: "fast" }),
    data: describeData(dataset),
    ...(request.encoder && { encoder: request.encoder.record }),
  };
  return { config, hash: hashConfig(config) };
}

/**
 * Checks a request against the data. Builds the model, the normaliser and the run folder.
 *
 * @throws ConfigError
 * @throws BackendError
 */
export async function prepareRun(request: TrainRequest, dataset: Dataset): Promise<PreparedRun> {
  checkOptions(trainRequestSchema, request, "train");
  checkDataset(dataset, "train");
  const folder = await openFolder(request);
  const { config, hash } = describeRun(request, dataset);
  const { train } = config;
  const { encoder } = request;
  if (encoder) checkEncodedRun(config, dataset);
  checkCopies(train, dataset);
  const backend = await createBackend(request.backend ?? "auto", request);
  const inside = encoder && {
    modality: encoder.record.modality,
    encoder: buildEncoder(encoder, backend, train.seed, train.learningRate),
  };
  const normaliser = fitNormaliser(withFrozenVectors(dataset.splits.train, inside), {
    kind: train.normalise,
    clip: train.normaliseClip,
    length: train.normaliseLength,
    ...(inside && { keep: [inside.modality] }),
  });
  const { splits, copies } = normaliseDataset(dataset, normaliser);
  const { task, modalities } = config.data;
  const create = (signature: DataSignature): Model =>
    createModel(config.model.name, signature, config.model.config, backend, train.seed);
  const model = inside
    ? createEncodedModel({ task, modalities }, inside.modality, inside.encoder, create, normaliser)
    : create({ task, modalities });
  refuseStepOptions(model, train);
  model.fitStatistics?.(splits.train, copies);
  if (train.outputStart === "mean") startAtMean(model, splits.train);
  const prepared = { config, hash, model, normaliser, splits, folder, merge: request.merge ?? false };
  return copies ? { ...prepared, copies } : prepared;
}

/** Adds the vectors of a frozen encoder to the training split, so that they are scaled as features are. */
function withFrozenVectors(
  split: Split,
  inside: { readonly modality: string; readonly encoder: TextEncoder } | undefined,
): Split {
  if (!inside?.encoder.isFrozen) return split;
  const { modality, encoder } = inside;
  const vectors = defined(encodedSplit(split, modality, encoder).modalities[modality]);
  return { ...split, modalities: { ...split.modalities, [vectorsOf(modality)]: vectors } };
}

/** Opens the run folder, if there is one. The file system code loads only then: browsers have none. */
async function openFolder({
  out,
  overwrite = false,
  resume = false,
}: TrainRequest): Promise<RunFolder | undefined> {
  if (out !== undefined)
    return (await import("../runs/run-folder.js")).RunFolder.open(out, { overwrite, resume });
  if (resume)
    throw new ConfigError("config.conflict", "a run without a folder cannot be resumed", {
      hint: "Name the run folder (--out).",
    });
  return undefined;
}

function describeData(dataset: Dataset): RunConfig["data"] {
  const { name, task, modalities, splits, features } = dataset;
  const sizes = { train: splits.train.size, valid: splits.valid.size, test: splits.test.size };
  return {
    name: lastPart(name),
    task: withScale(task, splits.train.labels),
    modalities,
    sizes,
    fingerprint: fingerprint(dataset),
    ...(features && { features }),
  }; // only the file name counts: the same file in another folder is the same data
}

/** Returns the last part of a path with slashes or backslashes. */
function lastPart(path: string): string {
  return (
    path
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .at(-1) ?? ""
  );
}

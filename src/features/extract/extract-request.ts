import type { Preparation } from "../../data/adapter-identity.js";
import type { SplitName } from "../../data/dataset.js";
import { ConfigError } from "../../core/errors.js";
import { type AdapterChoice, defaultChoice, mediumKinds, mediumOf } from "../registry.js";
import type { MediumKind } from "../adapter.js";
import type { OpenExecutor } from "./executor.js";
import type { LabelKind } from "./labels.js";
import type { MediaColumn } from "./media-columns.js";
import { type NoiseRequest, parseMediaNoise, requireNoiseReaches } from "./media-noise.js";
import type { ExtractPlan, ModalityPlan } from "./plan.js";
import type { ReadableModality } from "../readable-modalities.js";
import type { SampleSource } from "./sample.js";

export interface ExtractRequest {
  /** Folder or table of raw media, see docs/extract.md. */
  readonly input: string;
  /** Folder to write the data set to. */
  readonly out: string;
  /** Modalities to extract. Default: all that the source can have. */
  readonly modalities?: readonly string[] | undefined;
  /** Adapter by modality. Default: the adapter of its kind. */
  readonly adapters: Readonly<Record<string, AdapterChoice | undefined>>;
  /**
   * Adapter by kind of medium, for modalities that `adapters` does not name. Default: the first of each kind.
   */
  readonly kindAdapters?: Readonly<Partial<Record<MediumKind, AdapterChoice>>> | undefined;
  readonly align: Preparation["align"];
  /** Number of steps with uniform spans. */
  readonly steps: number;
  readonly pool: Preparation["pool"];
  /** Frames per second of video. */
  readonly fps: number;
  /** Columns of a table that hold media. */
  readonly media?: readonly MediaColumn[] | undefined;
  /** Column with the labels. */
  readonly label: string;
  readonly task?: LabelKind | undefined;
  /** Noise on the media before features are extracted. Default: none. */
  readonly noise?: (Omit<NoiseRequest, "noise"> & { readonly seed: number }) | undefined;
  /** Corrupted copies of the training samples. Default: none. */
  readonly copies?:
    { readonly specification: string; readonly seed: number; readonly perSample: number } | undefined;
  /** Corrupted copies of the test samples. Default: none. */
  readonly testCopies?: TestCopiesRequest | undefined;
  /** Seed of the split, if the source has none. */
  readonly seed: number;
  /** Column whose equal rows stay in one split when splits are drawn, or "none". */
  readonly groupBy?: string | undefined;
  /** Group of `groupBy` to test on, in place of the splits of the input. */
  readonly testGroup?: string | undefined;
  /** Folder of the feature cache. Default: `.cache` in `out`. */
  readonly cache?: string | undefined;
  readonly workers: number;
  readonly overwrite: boolean;
}

/** Corrupted copies of the test samples: one per series and severity. */
export interface TestCopiesRequest {
  /** Kinds by modality, without severities. */
  readonly specification: string;
  readonly seed: number;
  /** Severities in (0, 1]. */
  readonly severities: readonly number[];
}

export interface ExtractHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  readonly openExecutor: OpenExecutor;
}

/** Numbers of samples by the state of one modality. */
export interface ModalityCount {
  readonly modality: string;
  readonly present: number;
  /** Number of samples without the medium, or without a usable part of it. */
  readonly absent: number;
  readonly failed: number;
}

export interface ExtractSummary {
  /** Absolute path of the data set. */
  readonly out: string;
  readonly name: string;
  readonly task: LabelKind;
  readonly sizes: Readonly<Record<SplitName, number>>;
  readonly modalities: readonly ModalityCount[];
  /** Number of rows that did not become samples. */
  readonly leftOut: number;
  /** Number of lines in failures.jsonl. */
  readonly failures: number;
  /** Number of extracted and cached features, and number of cached ones. */
  readonly made: number;
  readonly cached: number;
  readonly notes: readonly string[];
  /** Number of corrupted copies of training samples. */
  readonly copies: number;
  /** Number of corrupted copies of test samples. */
  readonly testCopies: number;
}

/**
 * Selects the adapter of each requested modality.
 * @throws ConfigError for a modality that the source does not have, or that no adapter extracts
 */
export function planExtraction(request: ExtractRequest, source: SampleSource, cache: string): ExtractPlan {
  const names = source.modalities.map(({ name }) => name);
  const wanted = request.modalities ?? names;
  const possible = possibleModalities(source);
  const chosen = wanted.map((name) => {
    const modality = possible.find((each) => each.name === name);
    if (modality !== undefined) return modality;
    throw new ConfigError("config.conflict", `${request.input} has no ${name}`, {
      hint: `It can have ${names.join(", ")}.`,
    });
  });
  const unused = Object.keys(request.adapters).find(
    (modality) => request.adapters[modality] !== undefined && !wanted.includes(modality),
  );
  if (unused !== undefined)
    throw new ConfigError(
      "config.conflict",
      `an adapter for ${unused} is given, but ${unused} is not extracted`,
      { hint: `Extracted are ${wanted.join(", ")}.` },
    );
  const idle = mediumKinds.find(
    (kind) => request.kindAdapters?.[kind] !== undefined && !chosen.some((each) => each.kind === kind),
  );
  if (idle !== undefined)
    throw new ConfigError("config.conflict", `an adapter for ${idle} is given, but no ${idle} is extracted`, {
      hint: `Extracted are ${wanted.join(", ")}.`,
    });
  return { modalities: chosen.map((modality) => planModality(modality, request)), cache };
}

function possibleModalities({ modalities, onRequest = [] }: SampleSource): readonly ReadableModality[] {
  return [...modalities, ...onRequest];
}

function planModality(
  { name: modality, kind, part }: ReadableModality,
  { adapters, kindAdapters, align, steps, pool, fps }: ExtractRequest,
): ModalityPlan {
  const choice = adapters[modality] ?? kindAdapters?.[kind] ?? defaultChoice(kind);
  if (choice === undefined)
    throw new ConfigError("config.invalid", `there is no adapter for ${modality}`, {
      hint: "Leave it out with --modalities.",
    });
  return {
    modality,
    kind,
    choice,
    fps,
    part,
    preparation: {
      align,
      steps: align === "none" ? null : steps,
      pool,
      fps: mediumOf(kind).hasFrames === true ? fps : null,
      ...(part !== undefined && { part }),
    },
  };
}

/**
 * Reads the requested noise for the modalities of the source.
 * @throws ConfigError for noise that cannot be parsed, or on a modality that is not extracted
 */
export function planNoise(
  { noise: asked }: ExtractRequest,
  source: SampleSource,
  { modalities }: ExtractPlan,
): NoiseRequest | undefined {
  if (asked === undefined) return undefined;
  const { specification, seed, splits } = asked;
  const noise: NoiseRequest = {
    specification,
    splits,
    noise: parseMediaNoise(specification, seed, possibleModalities(source)),
  };
  requireNoiseReaches(
    noise,
    modalities.map(({ modality }) => modality),
  );
  return noise;
}

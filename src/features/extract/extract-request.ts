import type { Preparation } from "../../data/adapter-identity.js";
import type { SplitName } from "../../data/dataset.js";
import { ConfigError } from "../../core/errors.js";
import { type AdapterChoice, defaultChoice, mediumOf } from "../registry.js";
import { type MediumKind, mediumKinds } from "../../data/medium-names.js";
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
  /** Folder of the data set. */
  readonly out: string;
  /** Default: all that the source can have. */
  readonly modalities?: readonly string[] | undefined;
  /** By modality. Default: the default adapter of each. */
  readonly adapters: Readonly<Record<string, AdapterChoice | undefined>>;
  /** Of every modality of a kind that has none of its own in `adapters`. */
  readonly kindAdapters?: Readonly<Partial<Record<MediumKind, AdapterChoice>>> | undefined;
  readonly align: Preparation["align"];
  /** Steps of uniform spans. */
  readonly steps: number;
  readonly pool: Preparation["pool"];
  /** Frames per second of video. */
  readonly fps: number;
  /** Columns of a table that are media. */
  readonly media?: readonly MediaColumn[] | undefined;
  /** Column with the labels. */
  readonly label: string;
  readonly task?: LabelKind | undefined;
  /** What to do to media before features are made of them; nothing by default. */
  readonly noise?: (Omit<NoiseRequest, "noise"> & { readonly seed: number }) | undefined;
  /** For a split where the source has none. */
  readonly seed: number;
  /** Column whose rows stay in one split where one is drawn, or "none". */
  readonly groupBy?: string | undefined;
  /** Folder of the feature cache; default `.cache` in `out`. */
  readonly cache?: string | undefined;
  readonly workers: number;
  readonly overwrite: boolean;
}

export interface ExtractHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  readonly openExecutor: OpenExecutor;
}

/** Samples of one modality. */
export interface ModalityCount {
  readonly modality: string;
  readonly present: number;
  /** The sample has no such medium, or nothing in it can be used. */
  readonly absent: number;
  readonly failed: number;
}

export interface ExtractSummary {
  /** Absolute. */
  readonly out: string;
  readonly name: string;
  readonly task: LabelKind;
  readonly sizes: Readonly<Record<SplitName, number>>;
  readonly modalities: readonly ModalityCount[];
  /** Rows of the source that are no sample of the data set. */
  readonly leftOut: number;
  /** Lines of failures.jsonl. */
  readonly failures: number;
  /** Features made or found in the cache, and how many of them were found. */
  readonly made: number;
  readonly cached: number;
  readonly notes: readonly string[];
}

/**
 * Which adapters make what the request asks for. @throws ConfigError for a modality that the source does not
 * have, or that nothing makes
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
 * The noise that the request asks for, on the modalities of its source.
 * @throws ConfigError for noise that is not understood, or on a modality that is not extracted
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

import { MediaError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../../data/dataset.js";
import type { ModalityCount } from "./extract-request.js";
import type { MadeSample } from "./made-sample.js";
import { NearestFiles } from "./nearest-file.js";
import type { ExtractPlan, ModalityResult } from "./plan.js";
import type { Failure, Sample } from "./sample.js";

/** Result of an extraction. */
export interface Outcome {
  /** Samples with at least one usable modality. */
  readonly kept: readonly MadeSample[];
  readonly failures: readonly Failure[];
  readonly leftOut: number;
  /** Modalities of the data set: those that at least one training sample has. */
  readonly modalities: readonly string[];
  readonly counts: readonly ModalityCount[];
  readonly sizes: Readonly<Record<SplitName, number>>;
  readonly made: number;
  readonly cached: number;
  readonly notes: readonly string[];
}

/**
 * Summarises an extraction.
 * @param results results of each sample, in the order of `samples`
 */
export function outcomeOf(
  samples: readonly Sample[],
  results: readonly (readonly ModalityResult[])[],
  plan: ExtractPlan,
): Outcome {
  const all = samples.map((sample, i) => ({ sample, results: results[i] ?? [] }));
  const nearest = new NearestFiles();
  const failures = all.flatMap(({ sample, results: own }) => failuresOf(sample, own, nearest));
  const trained = all.filter(({ sample }) => sample.split === "train");
  const modalities = plan.modalities
    .map(({ modality }) => modality)
    .filter((modality) => trained.some(({ results: own }) => isPresent(own, modality)));
  const isKept = (own: readonly ModalityResult[]): boolean =>
    modalities.some((modality) => isPresent(own, modality));
  const kept = all
    .filter(({ results: own }) => isKept(own))
    .map(({ sample, results: own }): MadeSample => ({
      sample,
      made: own.filter((result) => result.kind === "made"),
    }));
  const lost = all
    .filter(({ results: own }) => !isKept(own))
    .map(({ sample }): Failure => ({
      id: sample.id,
      code: "data.empty",
      message: "left out: none of its modalities can be used",
    }));
  const made = all.flatMap(({ results: own }) => own.filter((result) => result.kind === "made"));
  const dropped = plan.modalities
    .map(({ modality }) => modality)
    .filter((modality) => !modalities.includes(modality));
  return {
    kept,
    failures: [...failures, ...lost],
    leftOut: lost.length,
    modalities,
    counts: plan.modalities.map(({ modality }) => countOf(modality, results)),
    sizes: { train: sizeOf(kept, "train"), valid: sizeOf(kept, "valid"), test: sizeOf(kept, "test") },
    made: made.length,
    cached: made.filter(({ cached }) => cached).length,
    notes: [
      ...dropped.map((modality) => `warning: ${modality} is left out: no training sample has it`),
      ...modalities.flatMap((modality) => lackNotes(modality, all)),
      ...unknownTexts(made, plan),
    ],
  };
}

/** Names the number of samples that lack a modality, and the first of them. */
function lackNotes(
  modality: string,
  all: readonly { readonly sample: Sample; readonly results: readonly ModalityResult[] }[],
): string[] {
  const lacking = all.filter(({ results }) => !isPresent(results, modality)).map(({ sample }) => sample.id);
  if (lacking.length === 0) return [];
  const more = lacking.length > NAMED_IDS ? ", ..." : "";
  return [
    `${modality}: ${lacking.length} of ${all.length} samples lack it: ` +
      lacking.slice(0, NAMED_IDS).join(", ") +
      more,
  ];
}

const NAMED_IDS = 5;

/** Warns of texts with tokens that the encoder does not know. Their features are meaningless. */
function unknownTexts(
  made: readonly Extract<ModalityResult, { kind: "made" }>[],
  plan: ExtractPlan,
): string[] {
  const textual = plan.modalities.filter(({ kind }) => kind === "text").map(({ modality }) => modality);
  const texts = made.filter(({ modality }) => textual.includes(modality));
  const isUnknown = ({ quality }: (typeof texts)[number]): boolean =>
    quality.problems.some(({ code }) => code === "text.unknown");
  const count = texts.filter(isUnknown).length;
  return count === 0
    ? []
    : [
        `warning: text: ${count} of ${texts.length} texts are wholly or partly in letters or signs that ` +
          "the encoder does not know (text.unknown in quality.jsonl): choose an encoder of their language " +
          "with --text",
      ];
}

/**
 * Checks that no explicitly requested modality was dropped.
 * @throws MediaError "media.not-found" if no training sample has it, with the first reason
 */
export function requireNamed({ modalities, failures }: Outcome, named: readonly string[] | undefined): void {
  const lost = named?.find((modality) => !modalities.includes(modality));
  if (lost === undefined) return;
  const own = failures.filter(({ modality }) => modality === lost);
  const [first] = own;
  const why =
    first === undefined
      ? "none of them has such a stream, or nothing in it is usable"
      : `${own.length} could not be read; the first: ${first.id}: ${first.message}`;
  throw new MediaError("media.not-found", `${lost} was requested, but no training sample has it: ${why}`, {
    hint:
      first?.hint ??
      `Leave ${lost} out of --modalities. failures.jsonl and quality.jsonl in the output folder have ` +
        "the reasons.",
  });
}

/** @throws MediaError if a split would be empty, with the first failure */
export function requireSamples({ sizes, failures }: Outcome): void {
  const empty = SPLIT_NAMES.find((split) => sizes[split] === 0);
  if (empty === undefined) return;
  const [first] = failures;
  const why = first === undefined ? "" : `; the first failure is ${first.id}: ${first.message}`;
  throw new MediaError("media.damaged", `no sample of ${empty} could be used${why}`, {
    hint: "failures.jsonl in the output folder has the reason for each.",
  });
}

function isPresent(results: readonly ModalityResult[], modality: string): boolean {
  return results.some((result) => result.kind === "made" && result.modality === modality && result.usable);
}

function failuresOf(sample: Sample, results: readonly ModalityResult[], nearest: NearestFiles): Failure[] {
  return results.flatMap((result) => (result.kind === "failed" ? [failureOf(sample, result, nearest)] : []));
}

/** Describes a failure. A missing file often exists under a similar name, which the hint then states. */
function failureOf(
  { id, files }: Sample,
  { modality, code, message, hint }: Extract<ModalityResult, { kind: "failed" }>,
  nearest: NearestFiles,
): Failure {
  const file = files[modality];
  const near = code === "media.not-found" && file !== undefined ? nearest.find(file) : undefined;
  const remedy = near === undefined ? hint : `The nearest file is ${near}: rename it, or correct the table.`;
  return { id, modality, code, message, ...(remedy !== undefined && { hint: remedy }) };
}

function countOf(modality: string, results: readonly (readonly ModalityResult[])[]): ModalityCount {
  const present = results.filter((own) => isPresent(own, modality)).length;
  const failed = results.filter(
    (own) => !own.some((result) => result.kind !== "failed" && result.modality === modality),
  ).length;
  return { modality, present, absent: results.length - present - failed, failed };
}

function sizeOf(samples: readonly MadeSample[], split: SplitName): number {
  return samples.filter(({ sample }) => sample.split === split).length;
}

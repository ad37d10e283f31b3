import { log } from "../core/math.js";
import type { Quality } from "../features/quality.js";
import type { ReadModality } from "../features/sample-reader.js";
import type { ModalityPrediction } from "./prediction.js";

/** Smallest severity at which a measured problem is a reason for doubt. */
export const DOUBTED_SEVERITY = 0.2;
/**
 * Fraction of clean samples in which any uncertainty may be a reason for doubt. The inputs of a sample share
 * it: the more inputs a sample has, the higher is the percentile at which one of them is doubted.
 */
export const DOUBTED_SHARE = 0.03;
/** Rarity of an uncertainty, in factors of ten beyond the threshold, that counts as a severity of 1. */
const RAREST = 3;

/** Reason not to rely on an input. */
export interface DoubtReason {
  /**
   * "quality": a measure of the input found a problem. "uncertainty": the model is less certain about the
   * input than about nearly all validation samples. "unusable": the input could not be read.
   */
  readonly kind: "quality" | "uncertainty" | "unusable";
  /** Code of the problem, e.g. "audio.silent", or of the error. */
  readonly code?: string;
  /** Bad fraction of the input, in [0, 1]. For "uncertainty" the percentile, for "unusable" 1. */
  readonly severity: number;
  /** A clause that completes "the audio was doubted because ...". */
  readonly message: string;
}

/** Input that was given and is not reliable. */
export interface Doubt {
  readonly modality: string;
  /**
   * True if the prediction used the input. An unusable input is left out, and one that the model does not
   * trust: its contribution is 0.
   */
  readonly used: boolean;
  /** Worst first, at least one. */
  readonly reasons: readonly DoubtReason[];
}

/** Part of a prediction that doubts are read from. */
export interface PredictedInputs {
  readonly modalities: Readonly<
    Record<string, Pick<ModalityPrediction, "percentile" | "present" | "contribution">>
  >;
}

/** Text that does not fit its sound. */
export interface Mismatch {
  /** Modality of the text. */
  readonly text: string;
  /** Modality of the sound. */
  readonly audio: string;
  readonly reason: DoubtReason;
}

/** Quality of an input before the model reads it, or the reason why it was not read. */
export interface InputState {
  readonly given: boolean;
  readonly quality: Quality | null;
  /** Reasons why no part is usable, worst first. Empty if a part is usable, or if no input was given. */
  readonly unusable: readonly DoubtReason[];
}

export function inputState(read: ReadModality | undefined): InputState {
  if (read === undefined || read.kind === "missing") return { given: false, quality: null, unusable: [] };
  if (read.kind === "unreadable")
    return {
      given: true,
      quality: null,
      unusable: [
        { kind: "unusable", ...(read.error && { code: read.error.code }), severity: 1, message: read.reason },
      ],
    };
  const { mask, quality } = read.features;
  if (mask.includes(1)) return { given: true, quality, unusable: [] };
  const reasons = qualityReasons(quality);
  return {
    given: true,
    quality,
    unusable:
      reasons.length > 0
        ? reasons
        : [{ kind: "unusable", severity: 1, message: "no part of it can be used" }],
  };
}

/**
 * Returns the inputs to doubt, worst first: those that could not be used, then by their worst reason. A
 * measured problem counts with its severity, an uncertainty with its rarity: 0 at the threshold, and 1 if it
 * is a thousand times rarer. Equal inputs are in the order of the modalities.
 *
 * An uncertainty is doubted from the percentile 1 - 0.03 / n, where n is the number of inputs with a known
 * percentile. A text that does not fit its sound is doubted if nothing else explains it: if the sound is not
 * doubted.
 * @param inputs inputs of raw media. Absent for a prediction from features, which has uncertainties only.
 */
export function doubtsOf(
  { modalities }: PredictedInputs,
  inputs?: Readonly<Record<string, InputState>>,
  mismatch?: Mismatch,
): Doubt[] {
  const entries = Object.entries(modalities);
  const known = entries.filter(([, { percentile, present }]) => present && percentile !== null).length;
  const tail = DOUBTED_SHARE / Math.max(known, 1);
  const reasons = entries.map(([modality, { percentile, present, contribution }]): Doubt => {
    const input = inputs?.[modality];
    if (input && input.unusable.length > 0) return { modality, used: false, reasons: input.unusable };
    if (!present) return { modality, used: false, reasons: [] };
    const own = [...qualityReasons(input?.quality ?? null), ...uncertaintyReasons(percentile, tail)];
    return { modality, used: contribution !== 0, reasons: worstFirst(own, tail) };
  });
  const explained = reasons.some(
    ({ modality, reasons: own }) => modality === mismatch?.audio && own.length > 0,
  );
  const all = reasons.map((doubt) =>
    mismatch && !explained && doubt.used && doubt.modality === mismatch.text
      ? { ...doubt, reasons: worstFirst([...severe(mismatch.reason), ...doubt.reasons], tail) }
      : doubt,
  );
  const doubts = all.filter((doubt) => doubt.reasons.length > 0);
  return doubts.toSorted((a, b) => rankOf(b, tail) - rankOf(a, tail));
}

function severe(reason: DoubtReason): readonly DoubtReason[] {
  return reason.severity >= DOUBTED_SEVERITY ? [reason] : [];
}

/** Sorts reasons against a used input by their weight. Equal ones stay in order. */
function worstFirst(reasons: readonly DoubtReason[], tail: number): readonly DoubtReason[] {
  return reasons.toSorted((a, b) => weightOf(b, tail) - weightOf(a, tail));
}

function rankOf({ used, reasons }: Doubt, tail: number): number {
  return used ? Math.max(...reasons.map((reason) => weightOf(reason, tail))) : 2;
}

/** Weight of a reason against a used input, in [0, 1]. */
function weightOf({ kind, severity }: DoubtReason, tail: number): number {
  if (kind !== "uncertainty") return severity;
  const rarer = tail / Math.max(1 - severity, 1e-12);
  return Math.min(1, Math.max(0, log(rarer) / (RAREST * log(10))));
}

function qualityReasons(quality: Quality | null): DoubtReason[] {
  const problems = quality?.problems.filter(({ severity }) => severity >= DOUBTED_SEVERITY) ?? [];
  return problems.map(({ code, severity, message }) => ({ kind: "quality", code, severity, message }));
}

function uncertaintyReasons(percentile: number | null, tail: number): DoubtReason[] {
  if (percentile === null || percentile < 1 - tail) return [];
  return [
    {
      kind: "uncertainty",
      severity: percentile,
      message:
        `the model is less certain about it than about ${shownPercent(percentile)}% of the samples ` +
        "that it was validated on",
    },
  ];
}

/** Returns whole percent, or tenths above 99; at most 99.9, because no table of samples can say "all". */
function shownPercent(percentile: number): string {
  if (percentile < 0.99) return String(Math.floor(percentile * 100));
  return String(Math.min(99.9, Math.floor(percentile * 1000) / 10));
}

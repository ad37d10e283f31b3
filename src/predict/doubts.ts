import type { Quality } from "../features/quality.js";
import type { ReadModality } from "../features/sample-reader.js";
import type { Prediction } from "./prediction.js";

/** Smallest severity at which a measured problem is a reason for doubt. */
export const DOUBTED_SEVERITY = 0.2;
/**
 * Smallest percentile at which a modality's uncertainty is a reason for doubt. One clean sample in twenty is
 * doubted wrongly.
 */
export const DOUBTED_PERCENTILE = 0.95;

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
  /** True if the prediction used the input. An unusable input is left out. */
  readonly used: boolean;
  /** Worst first, at least one. */
  readonly reasons: readonly DoubtReason[];
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
 * Returns the inputs to doubt, worst first: those that could not be used, then by the severity of their worst
 * reason. Equal ones are in the order of the modalities.
 * @param inputs inputs of raw media. Absent for a prediction from features, which has uncertainties only.
 */
export function doubtsOf({ modalities }: Prediction, inputs?: Readonly<Record<string, InputState>>): Doubt[] {
  const doubts = Object.entries(modalities).flatMap(([modality, { percentile, present }]): Doubt[] => {
    const input = inputs?.[modality];
    if (input && input.unusable.length > 0) return [{ modality, used: false, reasons: input.unusable }];
    if (!present) return [];
    const reasons = [...qualityReasons(input?.quality ?? null), ...uncertaintyReasons(percentile)];
    return reasons.length === 0 ? [] : [{ modality, used: true, reasons }];
  });
  return doubts.toSorted((a, b) => rankOf(b) - rankOf(a));
}

function rankOf({ used, reasons }: Doubt): number {
  return used ? Math.max(...reasons.map(({ severity }) => severity)) : 2;
}

function qualityReasons(quality: Quality | null): DoubtReason[] {
  const problems = quality?.problems.filter(({ severity }) => severity >= DOUBTED_SEVERITY) ?? [];
  return problems.map(({ code, severity, message }) => ({ kind: "quality", code, severity, message }));
}

function uncertaintyReasons(percentile: number | null): DoubtReason[] {
  if (percentile === null || percentile < DOUBTED_PERCENTILE) return [];
  return [
    {
      kind: "uncertainty",
      severity: percentile,
      message:
        `the model is less certain about it than about ${Math.floor(percentile * 100)}% of the samples ` +
        "that it was validated on",
    },
  ];
}

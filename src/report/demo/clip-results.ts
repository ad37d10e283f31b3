import type { Interval } from "../../predict/intervals.js";
import type { Problem } from "../../features/quality.js";

/** Real clip of the demo, with one input corrupted at a time at rising severities. */
export interface ClipResults {
  /** Words of the clip. */
  readonly words: string;
  /** Length of its sound. */
  readonly seconds: number;
  /** Inputs that were read, with the adapter of each. */
  readonly inputs: readonly { readonly modality: string; readonly adapter: string }[];
  /** Inputs that were not read, with the reason. */
  readonly unread: readonly UnreadInput[];
  /** One entry per input and kind of corruption. */
  readonly series: readonly ClipSeries[];
  /** Model that scores the clip, or the reason why there is none. */
  readonly model: ClipModel | MissingClipModel;
}

/** Model of the demo that is trained on a few clips. */
export interface ClipModel {
  readonly preset: string;
  /** Number of samples per split, and how many of them have sound and picture. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly withSound: Readonly<Record<string, number>>;
  /** Number of corrupted copies of training samples. */
  readonly copies: number;
  /** Kinds of corruption of the copies, by modality. */
  readonly trainedKinds: Readonly<Record<string, readonly string[]>>;
  /** Mean absolute error on the test split. */
  readonly testError: number | null;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** Reason why no model scores the clip. */
export interface MissingClipModel {
  readonly reason: string;
  readonly hint: string | null;
}

/** Input that cannot be read here. */
export interface UnreadInput {
  readonly modality: string;
  /** A sentence without a full stop, e.g. "text/use-lite needs packages that are not installed: ...". */
  readonly reason: string;
  /** Instruction, e.g. a command that installs packages. Null without one. */
  readonly hint: string | null;
}

/** One input of the clip under one kind of corruption. */
export interface ClipSeries {
  readonly modality: string;
  readonly kind: string;
  /** Rising severities. The first is 0, the clean clip. */
  readonly points: readonly ClipPoint[];
}

/** The clip with one corrupted input. */
export interface ClipPoint {
  /** In [0, 1]. */
  readonly severity: number;
  /** Problems that the quality measures of the input find, worst first. */
  readonly problems: readonly Problem[];
  /** False if no part of the input can be used. A model then treats it as missing. */
  readonly usable: boolean;
  /** The model's view; null without a model, or if no input is usable. */
  readonly view: ClipView | null;
}

/** Prediction for the clip, and the inputs as the model sees them. */
export interface ClipView {
  readonly prediction: number;
  readonly interval: Interval | null;
  /** By modality. */
  readonly inputs: Readonly<Record<string, ClipInputView>>;
  /** Unreliable inputs, worst first. Reasons are codes of problems, or "uncertainty". */
  readonly doubted: readonly { readonly modality: string; readonly reasons: readonly string[] }[];
}

/** One input as the model sees it. All values are null if the input is not usable. */
export interface ClipInputView {
  /** Predicted variance. */
  readonly uncertainty: number | null;
  /** Fraction of validation samples with a lower uncertainty, in [0, 1]. */
  readonly percentile: number | null;
  /** Part of the prediction, in [0, 1]. */
  readonly contribution: number | null;
}

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
}

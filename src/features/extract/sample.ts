import type { DamageStep } from "../../corruption/damage-medium.js";
import type { SplitName } from "../../data/dataset.js";
import type { ReadableModality } from "../readable-modalities.js";
import type { MediaNoise } from "./media-noise.js";

/** Sample of a folder or table of raw media. Paths are absolute. */
export interface Sample {
  readonly id: string;
  readonly split: SplitName;
  /** Text of the label column. */
  readonly label: string;
  /** Texts of the table by modality. */
  readonly texts: Readonly<Record<string, string>>;
  /** Files by modality. Sound and video of a clip are the same file. */
  readonly files: Readonly<Record<string, string>>;
  /** Clip whose subtitles may be the text. */
  readonly clip?: string;
  /** Transcript with times next to the clip. */
  readonly transcript: string | undefined;
  /** Noise on its media before features are extracted. */
  readonly noise?: MediaNoise;
  /** Corruption of its media before features are extracted, after the noise. */
  readonly damage?: SampleDamage;
}

/** Corruption of the media of a sample. Plain data, so that it can be sent to worker threads. */
export interface SampleDamage {
  readonly seed: number;
  /** Name of the draws: the sample's id, or that of a copy. */
  readonly id: string;
  readonly on: Readonly<Record<string, ModalityDamage>>;
}

/** Corruption of one modality of a sample. */
export interface ModalityDamage {
  readonly steps: readonly DamageStep[];
  /** Sample whose medium is mixed in. It is clean. */
  readonly other?: Sample;
}

/** Medium that could not be extracted. Without `modality`: the whole sample was left out. */
export interface Failure {
  readonly id: string;
  readonly modality?: string;
  readonly code: string;
  readonly message: string;
  /** Remedy, if there is one. */
  readonly hint?: string;
}

/** Samples of a folder or table of raw media, before decoding. */
export interface SampleSource {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** Rows that cannot be samples. */
  readonly failures: readonly Failure[];
  /** Form of the source, see docs/extract.md. */
  readonly layout: "clips" | "posts" | "scenes" | "table";
  /** Modalities that the source can have. */
  readonly modalities: readonly ReadableModality[];
  /** Further modalities, extracted only on request: the text of subtitles in clips. */
  readonly onRequest?: readonly ReadableModality[];
  /** True if published code gives the deviation of Gaussian noise in levels, not in tens of levels. */
  readonly gaussianInLevels?: boolean;
  /** Decisions made while reading, as lines for the user. */
  readonly notes: readonly string[];
}

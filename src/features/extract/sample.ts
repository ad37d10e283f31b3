import type { SplitName } from "../../data/dataset.js";
import type { ReadableModality } from "../readable-modalities.js";
import type { MediaNoise } from "./media-noise.js";

/** One sample of a folder of raw media. Paths are absolute. */
export interface Sample {
  readonly id: string;
  readonly split: SplitName;
  /** What its label column says. */
  readonly label: string;
  /** Texts of the source's table, by modality. */
  readonly texts: Readonly<Record<string, string>>;
  /** By modality; sound and video of one clip are one file. */
  readonly files: Readonly<Record<string, string>>;
  /** The clip whose subtitles may be its text. */
  readonly clip?: string;
  /** A transcript with times beside the clip. */
  readonly transcript: string | undefined;
  /** What is to be done to its media first. */
  readonly noise?: MediaNoise;
}

/** What could not be made. Without a modality: the whole sample is left out. */
export interface Failure {
  readonly id: string;
  readonly modality?: string;
  readonly code: string;
  readonly message: string;
  /** What to do about it, where there is something. */
  readonly hint?: string;
}

/** A folder or table of raw media, before anything is decoded. */
export interface SampleSource {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** Rows that cannot be samples. */
  readonly failures: readonly Failure[];
  /** Modalities that the source can have. */
  readonly modalities: readonly ReadableModality[];
  /** Further modalities, which are read only if the user names them: the text of subtitles in clips. */
  readonly onRequest?: readonly ReadableModality[];
  /** True where published code has the deviation of Gaussian noise in levels, and not in tens of them. */
  readonly gaussianInLevels?: boolean;
  /** What was decided in reading, for the notes. */
  readonly notes: readonly string[];
}

import type { Corruption } from "euar/data";
import type { AudioMedia, ErrorCode, ImageMedia, VideoFrame } from "euar/browser";
import type { MediumKind, TextMedia } from "euar/features";
import type { MediaPrediction } from "euar/predict";

/** Decoded medium of one modality, in a form that can be sent to the worker. */
export type Medium =
  | { readonly kind: "text"; readonly text: TextMedia }
  | { readonly kind: "image"; readonly image: ImageMedia }
  | { readonly kind: "audio"; readonly audio: AudioMedia }
  | {
      readonly kind: "video";
      readonly frames: readonly VideoFrame[];
      /** File of the frames. Absent for a recording and for a corrupted clip. */
      readonly file?: Blob;
    };

/** Corruption of one raw medium. */
export interface MediumDamage {
  /** Name of the kind of corruption. */
  readonly kind: string;
  /** In [0, 1]. */
  readonly severity: number;
  /** Span of the medium, in fractions of its length. */
  readonly span: { readonly start: number; readonly end: number };
}

/** One kind of corruption, described for the page. */
export interface DamageKind {
  readonly name: string;
  /** Sentence without a full stop. */
  readonly summary: string;
  readonly unit: string;
  /** Amount in the unit at severities 0, 0.01, ..., 1. */
  readonly amounts: readonly number[];
}

/** Modality of a loaded model. */
export interface ModelModality {
  readonly name: string;
  /** Number of features per step. */
  readonly width: number;
  /** Kind of medium that it reads. Undefined if it reads features only. */
  readonly kind: MediumKind | undefined;
  readonly damages: readonly DamageKind[];
}

/** Description of a loaded model. */
export interface ModelFacts {
  readonly modalities: readonly ModelModality[];
  /** True if the run records the adapters of its features, so that it reads raw media. */
  readonly readsMedia: boolean;
  /** Name of the data set that the model was trained on. */
  readonly data: string;
  /** Scale of the labels; undefined for other tasks than a regression. */
  readonly range: readonly [number, number] | undefined;
  /** Frames per second of the training videos. */
  readonly fps: number;
  /** Number of samples of the embedded data set that can be scored; 0 for any other data. */
  readonly samples: number;
}

/** Features of one modality of a sample, for a picture. */
export interface ShownFeatures {
  readonly width: number;
  readonly steps: number;
  /** [steps, width], in deviations of the training data. */
  readonly values: Float32Array;
}

/** Sample of the embedded data set. */
export interface ShownSample {
  readonly id: string;
  readonly label: number;
  /** Known corruption by modality: its kind and severity. */
  readonly corruption: Readonly<Record<string, { readonly kind: string; readonly severity: number }>>;
}

export type Task =
  | { readonly task: "load"; readonly weights: string; readonly assets: string }
  /** Stores the medium of a modality; null removes it. */
  | { readonly task: "put"; readonly modality: string; readonly medium: Medium | null }
  /** Reads a transcript. */
  | { readonly task: "transcript"; readonly bytes: Uint8Array; readonly name: string }
  | {
      readonly task: "media";
      readonly damage: Readonly<Record<string, MediumDamage>>;
      readonly off: readonly string[];
    }
  | {
      readonly task: "sample";
      readonly index: number;
      readonly damage: Readonly<Record<string, Corruption>>;
      readonly off: readonly string[];
    };

export type Request = Task & { readonly id: number };

/** Prediction of raw media, with the corrupted media for the page to show. */
export interface MediaAnswer {
  readonly prediction: MediaPrediction;
  readonly damaged: Readonly<Record<string, Medium>>;
}

export interface SampleAnswer {
  readonly prediction: MediaPrediction;
  readonly sample: ShownSample;
  /** Features that the model read, by modality. */
  readonly features: Readonly<Record<string, ShownFeatures>>;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Results {
  readonly load: ModelFacts;
  readonly put: null;
  readonly transcript: TextMedia;
  readonly media: MediaAnswer;
  readonly sample: SampleAnswer;
}

export type Answer = { readonly id: number } & (
  { readonly value: Results[keyof Results] } | { readonly failure: Failure }
);

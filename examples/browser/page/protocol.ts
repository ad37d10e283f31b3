import type { AudioMedia, ErrorCode, ImageMedia, VideoFrame } from "euar/browser";
import type { MediaPrediction } from "euar/predict";
import type { Kind } from "./manifest.js";

/** Sample sent to the worker, already decoded, because workers cannot open clips. */
export interface DecodedSample {
  readonly text?: string;
  readonly image?: ImageMedia;
  readonly audio?: AudioMedia;
  readonly frames?: readonly VideoFrame[];
}

/** Description of a loaded model. */
export interface ModelFacts {
  readonly modalities: readonly string[];
  /** Frames per second of its training data. */
  readonly fps: number;
}

export type Request = { readonly id: number; readonly kind: Kind } & (
  | { readonly task: "load"; readonly weights: string }
  | { readonly task: "predict"; readonly sample: DecodedSample }
);

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

export type Answer = { readonly id: number } & (
  { readonly facts: ModelFacts } | { readonly prediction: MediaPrediction } | { readonly failure: Failure }
);

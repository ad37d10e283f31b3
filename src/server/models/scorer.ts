import type { PlainError } from "../../features/worker-thread.js";
import type { RawFiles } from "../../features/raw-files.js";
import type { PredictionTask } from "../../predict/prediction.js";

/** Modality of a loaded model. */
export interface ModelModality {
  readonly name: string;
  /** Number of features per step. */
  readonly width: number;
  /** Kind of medium that the modality reads: text, audio, video or image. Null if it reads features only. */
  readonly medium: string | null;
  /** Adapter that made the training features. Null for a run that does not record it. */
  readonly adapter: string | null;
}

/** Properties of a loaded model that clients need. */
export interface ModelDescription {
  readonly task: PredictionTask;
  /** Name of the model definition, for example "euar". */
  readonly definition: string;
  readonly modalities: readonly ModelModality[];
  /** Names of the targets, classes or labels. */
  readonly outputs: readonly string[];
  /** Scale of the labels of a regression. Null if it is unknown, and for other tasks. */
  readonly range: readonly [number, number] | null;
  /** Name of the data set that the model was trained on. */
  readonly data: string;
  /** sha-256 of the run's configuration. */
  readonly hash: string;
  /** True if predictions have intervals or sets of classes. */
  readonly calibrated: boolean;
  /** True if raw media can be scored: the run records the adapters of its features. */
  readonly readsMedia: boolean;
  /**
   * True if a web page can load everything that the model needs. False if it needs folders of this machine.
   */
  readonly fitsPage: boolean;
}

/** Form of a body with samples: JSON in UTF-8, or a safetensors file. */
export type BodyForm = "json" | "safetensors";

/** Body with one sample or several, with the options for scoring it. */
export interface BodyRequest {
  readonly form: BodyForm;
  /** Scoring in a thread takes the buffer of a large body away. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Nominal coverage of intervals and sets of classes. */
  readonly level: number;
  /** Modalities that the model may use. Undefined: all. */
  readonly available: readonly string[] | undefined;
}

/** Result of one sample: its prediction as JSON text, or its error. */
export type SampleAnswer =
  | { readonly kind: "prediction"; readonly id: SampleId; readonly json: string }
  | { readonly kind: "error"; readonly id: SampleId; readonly error: PlainError }
  /** Text, which the media thread scores. */
  | { readonly kind: "text"; readonly id: SampleId; readonly text: string };

/** Name of a sample that the client gave. */
export type SampleId = string | number | undefined;

/** Result of one body. */
export interface BodyAnswer {
  /** True if the body had a list of samples. */
  readonly many: boolean;
  readonly samples: readonly SampleAnswer[];
}

/** Sample of raw media on this machine's disk. */
export interface MediaRequest {
  readonly files: RawFiles;
  readonly level: number;
  /** Modalities that the model may use. Undefined: all. */
  readonly available: readonly string[] | undefined;
  /** Longest clip or sound, in seconds. */
  readonly longest: number;
  /** Names that replace paths in messages. */
  readonly shown: readonly (readonly [path: string, name: string])[];
}

/** Model that scores requests. It runs here or in a worker thread. */
export interface Scorer {
  /** Run folder or weight file. Undefined for a model that is in memory only. */
  readonly place?: string;
  readonly description: ModelDescription;
  /**
   * Scores bodies in one batch. Each prediction is bit-identical to that of the sample alone.
   * @returns one answer per request, in order
   */
  score(requests: readonly BodyRequest[]): Promise<readonly BodyAnswer[]>;
  /**
   * Scores one sample of raw media. Samples are scored one after another.
   * @returns the prediction as JSON text
   * @throws EuarError for a problem with the media; the signal's reason if it is aborted
   */
  scoreMedia(request: MediaRequest, signal: AbortSignal): Promise<string>;
  /** Ends the threads of the model. */
  close(): Promise<void>;
}

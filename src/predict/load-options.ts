import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
import type { PredictionTask } from "./prediction.js";
import type { BackendName, BackendOptions } from "./create-backend.js";

/** Options for loading a model. */
export interface LoadOptions extends BackendOptions {
  /** Compute backend. Default "auto": native kernels if they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** Decoders of raw media, and the location of the adapters' models. Default in Node: those of Node. */
  readonly media?: MediaEnvironment;
  /**
   * Files of the pretrained encoder, for a run with a text encoder. Default in Node: the folder that was used
   * in training.
   */
  readonly encoder?: EncoderFiles;
}

/** Options of `Predictor.load`. */
export interface PredictorOptions<Kind extends PredictionTask = PredictionTask> extends LoadOptions {
  /**
   * Task that the model must have been trained for. It determines the type of predictions. Default: any task;
   * then a prediction has the union of all types.
   */
  readonly task?: Kind;
}

/** Options for scoring samples. */
export interface PredictOptions {
  /** Nominal coverage of intervals and sets of classes, in (0, 1). Default 0.9. */
  readonly level?: number;
}

/** Options for scoring features. */
export interface PredictFeatureOptions extends PredictOptions {
  /**
   * Explain the prediction: uncertainties, contributions and experts of the modalities, and the interval of a
   * regression. With false, these are null or empty, and EUAR does not compute log-variances. The prediction
   * is the same, and takes less time. Default true.
   */
  readonly diagnostics?: boolean;
}

/** Options for scoring raw media. */
export interface PredictMediaOptions extends PredictOptions {
  /** Stops the extraction of features. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Keep the features of each decoded medium for the lifetime of its object. Scoring a sample again with one
   * changed medium is then faster. Do not change such a medium in place. Default false.
   */
  readonly reuse?: boolean;
  /**
   * Compare the text with the speech of the sound. A text that does not fit is doubted, unless the sound is
   * doubted anyway. Needs English speech, and PocketSphinx in Node. Default false.
   */
  readonly checkTranscript?: boolean;
}

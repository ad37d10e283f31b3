import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
import type { PredictionTask } from "./prediction.js";
import type { BackendName, BackendOptions } from "./create-backend.js";

/** Options for loading a model. */
export interface LoadOptions extends BackendOptions {
  /** Compute backend. Default "auto": native kernels if they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** Decoders of raw media, and the place of the adapters' models. Default: those of Node, in Node. */
  readonly media?: MediaEnvironment;
  /**
   * Files of the pretrained encoder, for a run that has one inside. Default: the folder of the training, in
   * Node.
   */
  readonly encoder?: EncoderFiles;
}

/** Options of `Predictor.load`. */
export interface PredictorOptions<Kind extends PredictionTask = PredictionTask> extends LoadOptions {
  /**
   * Task that the model must have been trained for: the type of its predictions follows from it. Default:
   * any, and a prediction is the union over all tasks.
   */
  readonly task?: Kind;
}

/** Options for scoring samples. */
export interface PredictOptions {
  /** Coverage of intervals and sets of classes, in (0, 1). Default 0.9. */
  readonly level?: number;
}

/** Options for scoring raw media. */
export interface PredictMediaOptions extends PredictOptions {
  /** Stops the extraction of features. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Keep the features of each decoded medium as long as the object exists. A sample in which one medium
   * changed is then scored faster. Do not change such a medium in place. Default false.
   */
  readonly reuse?: boolean;
}

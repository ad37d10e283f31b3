import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
import type { PredictionTask } from "./prediction.js";
import type { BackendName, BackendOptions } from "./create-backend.js";

/** How a model is loaded. */
export interface LoadOptions extends BackendOptions {
  /** Default "auto": native kernels where they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** How raw media are decoded and where adapters find their models. Default: Node's, in Node. */
  readonly media?: MediaEnvironment;
  /**
   * Files of the pretrained encoder of a run that has one inside. Default: the folder that the run was
   * trained with, in Node.
   */
  readonly encoder?: EncoderFiles;
}

/** How a predictor is loaded. */
export interface PredictorOptions<Kind extends PredictionTask = PredictionTask> extends LoadOptions {
  /**
   * Task that the model must have been trained for: the type of its predictions follows from it. Default:
   * any, and a prediction is the union over all tasks.
   */
  readonly task?: Kind;
}

/** How samples are scored. */
export interface PredictOptions {
  /** Share of true labels that intervals and class sets are calibrated to contain, in (0, 1). Default 0.9. */
  readonly level?: number;
}

/** How raw media are scored. */
export interface PredictMediaOptions extends PredictOptions {
  /** Ends the extraction of features. */
  readonly signal?: AbortSignal | undefined;
  /**
   * True to keep the features of each decoded medium for as long as the object exists, so that a sample in
   * which one medium changed is scored faster. Such a medium must not be changed in place. Default false.
   */
  readonly reuse?: boolean;
}

import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
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

/** How a sample is scored. */
export interface PredictOptions {
  /** The share of truths that intervals and sets of classes promise to hold, in (0, 1). Default 0.9. */
  readonly level?: number;
  /** Of raw media: ends the extraction of features. */
  readonly signal?: AbortSignal | undefined;
}

import type { Dataset } from "../dataset.js";
import type { LoadOptions } from "./load-options.js";

/** File or folder of unknown format. */
export interface FileCandidate {
  readonly path: string;
  readonly isFolder: boolean;
  /**
   * Reads the first bytes of a file, at most 4096.
   * @throws DataError "data.not-found"
   */
  readonly head: () => Uint8Array;
}

/** Format of a file or folder. */
export interface FileFormat {
  /** Returns true for a file or folder of this format. */
  readonly recognises: (candidate: FileCandidate) => boolean;
  /**
   * Reads the data set.
   * @throws DataError with the file, the place in it, and the remedy
   */
  readonly read: (path: string, options: LoadOptions) => Dataset | Promise<Dataset>;
}

import { CheckpointError, DataError } from "../core/errors.js";
import { headOf } from "../data/formats/byte-source.js";
import { withFileSource } from "../data/formats/file-source.js";
import { checkHeader, LARGEST_TENSOR_FILE } from "./safetensors.js";

/**
 * Reads a whole safetensors file. Checks the header first, so that a large file of another kind is refused
 * quickly.
 *
 * @throws CheckpointError "checkpoint.format" if the file is missing, too large, not a regular file, or has
 * an invalid header
 */
export function readTensorFile(path: string): Uint8Array {
  try {
    return withFileSource(path, (source) => {
      if (source.size > LARGEST_TENSOR_FILE)
        throw new CheckpointError(
          "checkpoint.format",
          `${path} has ${source.size} bytes, the limit for a weight file is ${LARGEST_TENSOR_FILE}`,
          { hint: "Check that it is the right file, or train a smaller model." },
        );
      checkHeader(headOf(source), source.size, path);
      return source.read(0, source.size);
    });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new CheckpointError("checkpoint.format", cause.message, {
      hint: "Give the folder of a finished run, the one passed to `euar train --out`, or its weights.",
      cause,
    });
  }
}

import { CheckpointError, DataError } from "../core/errors.js";
import { headOf } from "../data/formats/byte-source.js";
import { withFileSource } from "../data/formats/file-source.js";
import { checkHeader, LARGEST_TENSOR_FILE } from "./safetensors.js";

/**
 * Reads a safetensors file as a whole. Its header is checked first, so that a large file of another kind
 * costs nothing.
 * @throws CheckpointError "checkpoint.format" if it is missing, not a regular file, too large, or its header
 * is not one
 */
export function readTensorFile(path: string): Uint8Array {
  try {
    return withFileSource(path, (source) => {
      if (source.size > LARGEST_TENSOR_FILE)
        throw new CheckpointError(
          "checkpoint.format",
          `${path} has ${source.size} bytes, more than the ${LARGEST_TENSOR_FILE} that one file of weights may have`,
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

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { causeText } from "../core/cause-text.js";
import { CheckpointError } from "../core/errors.js";
import { statsOf } from "../data/formats/file-source.js";
import { readTensorFile } from "./read-tensor-file.js";
import { runFiles } from "./run-files.js";

/**
 * Reads the weights of a finished run. No other part of loading a model needs a file system.
 *
 * @param place run folder or weights.safetensors file, as a path or a file: URL
 * @throws CheckpointError "checkpoint.format" if the weights cannot be read
 */
export function readWeights(place: string | URL): { readonly file: string; readonly bytes: Uint8Array } {
  const path = place instanceof URL ? pathOf(place) : place;
  const file = isFolder(path) ? join(path, runFiles.weights) : path;
  return { file, bytes: readTensorFile(file) };
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new CheckpointError("checkpoint.format", `${url.href} is not the URL of a local file`, {
      hint: "Give a path.",
      cause,
    });
  }
}

function isFolder(path: string): boolean {
  try {
    return statsOf(path)?.isDirectory() === true;
  } catch (cause) {
    throw new CheckpointError("checkpoint.format", causeText(cause), {
      hint: "Give the folder of a finished run, the one passed to `euar train --out`.",
      cause,
    });
  }
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CheckpointError } from "../core/errors.js";

/**
 * The weights of a finished run. The only part of loading a model that needs a file system.
 * @param path a run folder, or a weights.safetensors file
 * @throws CheckpointError if there are none
 */
export function readWeights(path: string): { readonly file: string; readonly bytes: Uint8Array } {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "weights.safetensors") : path;
  if (existsSync(file)) return { file, bytes: readFileSync(file) };
  throw new CheckpointError("checkpoint.format", `there are no trained weights at ${file}`, {
    hint: "Give the folder of a finished run, the one passed to `euar train --out`.",
  });
}

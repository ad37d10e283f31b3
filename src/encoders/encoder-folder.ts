import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { MediaError } from "../core/errors.js";
import { openFileSource } from "../data/formats/file-source.js";
import type { EncoderFiles } from "./encoder-files.js";

/**
 * The files of an encoder in a folder.
 * @throws MediaError "media.not-found" if there is no such folder
 */
export function encoderFolder(path: string): EncoderFiles {
  const folder = resolve(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new MediaError("media.not-found", `there is no encoder at ${folder}`, {
      hint: "Give the folder of an encoder: config.json, model.safetensors and tokenizer.json.",
    });
  return {
    name: folder,
    open: (file) => {
      const full = join(folder, file);
      return existsSync(full) ? openFileSource(full) : undefined;
    },
  };
}

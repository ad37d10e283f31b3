import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { MediaError } from "../core/errors.js";
import type { ByteSource } from "../data/formats/byte-source.js";
import { withFileSource } from "../data/formats/file-source.js";
import type { EncoderFiles } from "./encoder-files.js";

/** Folder of the encoders that are known by name: $EUAR_ENCODERS, else ~/.cache/euar-encoders. */
export function encoderStore(): string {
  const given = process.env["EUAR_ENCODERS"];
  return resolve(given === undefined || given === "" ? join(homedir(), ".cache", "euar-encoders") : given);
}

/** Whether a text can be the name of a stored encoder: it must not lead out of the store. */
export function isEncoderName(name: string): boolean {
  return /^\w[\w.-]*$/.test(name);
}

/**
 * The files of an encoder in a folder, or of the stored encoder of that name where there is no such folder.
 * No file stays open between reads.
 * @throws MediaError "media.not-found" if there is no such folder
 */
export function encoderFolder(path: string): EncoderFiles {
  const stored = isEncoderName(path) ? [join(encoderStore(), path)] : [];
  const folder = [resolve(path), ...stored].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isDirectory(),
  );
  if (folder === undefined)
    throw new MediaError(
      "media.not-found",
      `there is no encoder at ${[resolve(path), ...stored].join(" nor at ")}`,
      {
        hint: "Give the folder of an encoder (config.json, model.safetensors, tokenizer.json), or a name of `euar encoders list`.",
      },
    );
  return {
    name: folder,
    open: (file) => {
      const full = join(folder, file);
      return existsSync(full) ? closedSource(full) : undefined;
    },
  };
}

/**
 * Random access to a file that is open during reads only: nobody says when an encoder is no longer needed.
 * @throws DataError as {@link withFileSource}
 */
function closedSource(path: string): ByteSource {
  const size = withFileSource(path, (source) => source.size);
  return {
    name: path,
    size,
    read: (offset, length) => withFileSource(path, (source) => source.read(offset, length)),
  };
}

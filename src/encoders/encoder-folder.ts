import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { MediaError } from "../core/errors.js";
import type { ByteSource } from "../data/formats/byte-source.js";
import { withFileSource } from "../data/formats/file-source.js";
import type { EncoderFiles } from "./encoder-files.js";

/** Returns the folder of the stored encoders: $EUAR_ENCODERS, otherwise ~/.cache/euar-encoders. */
export function encoderStore(): string {
  const given = process.env["EUAR_ENCODERS"];
  return resolve(given === undefined || given === "" ? join(homedir(), ".cache", "euar-encoders") : given);
}

/** Returns true if a text can be the name of a stored encoder. Such a name must not lead out of the store. */
export function isEncoderName(name: string): boolean {
  return /^\w[\w.-]*$/.test(name);
}

/**
 * Opens the encoder in a folder. If the folder does not exist, opens the stored encoder of that name. No file
 * stays open between reads.
 * @throws MediaError "media.not-found" if neither exists
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
        hint:
          "Give the folder of an encoder (config.json, model.safetensors, tokenizer.json), or a name " +
          "that `euar encoders list` shows.",
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
 * Gives random access to a file that is only open during reads, because encoders have no close method.
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

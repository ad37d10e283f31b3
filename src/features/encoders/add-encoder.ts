import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ConfigError, MediaError } from "../../core/errors.js";
import { hashBytes } from "../../core/hash-bytes.js";
import { writeError, writeFile } from "../../data/files/write-file.js";
import { EncoderCheckpoint, weightFiles } from "../../encoders/encoder-checkpoint.js";
import { jsonOf } from "../../encoders/encoder-files.js";
import { encoderFolder, encoderStore, isEncoderName } from "../../encoders/encoder-folder.js";
import { download } from "../onnx/hub-download.js";
import { hubEndpoint, hubFile } from "../onnx/node-models.js";
import { type EncoderManifest, fileDigest, MANIFEST } from "./encoder-store.js";

const { weights: WEIGHTS, index: INDEX } = weightFiles;
const NEEDED = ["config.json", "tokenizer.json"];
/** Largest file in bytes. */
const LIMIT = 2 ** 35;

export interface AddOptions {
  /** Name in the store. Default: the last part of the folder or of the hub's name. */
  readonly name?: string | undefined;
  /** Source of a folder in the record. Default: the folder. */
  readonly source?: string;
  /** Branch, tag or commit on the hub. */
  readonly revision: string;
  readonly signal?: AbortSignal;
  /**
   * Reports the progress of a download.
   * @param file name of the file
   * @param share fraction of its bytes in [0, 1]; NaN if the hub does not state its size
   */
  readonly onProgress?: (file: string, share: number) => void;
  /** Replaces the pauses between attempts in tests. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Adds an encoder to the store: copies it from a folder, or downloads it from a hub. It appears under its
 * name when it is complete and can be opened. An interrupted download is continued.
 * @param from folder, or "owner/name" if there is no such folder
 * @returns its name, folder and record
 * @throws ConfigError for a name that is invalid or in use
 * @throws MediaError for files that are missing, cannot be downloaded, or are not an encoder
 */
export async function addEncoder(
  from: string,
  options: AddOptions,
): Promise<{ readonly name: string; readonly folder: string; readonly manifest: EncoderManifest }> {
  const isFolder = existsSync(from) && statSync(from).isDirectory();
  const name = options.name ?? basename(isFolder ? resolve(from) : from);
  const folder = newEncoderFolder(name);
  if (!isFolder && !/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(from))
    throw new MediaError("media.not-found", `${from} is neither a folder nor the name of a model on a hub`, {
      hint: "Give a folder, or owner/name.",
    });
  // a leading dot, because names in the store have none
  const origin = hashBytes(new TextEncoder().encode(`${from}@${options.revision}`)).slice(0, 12);
  const parts = join(encoderStore(), `.${name}.${origin}.part`);
  makeFolder(parts);
  const files = isFolder ? copyFiles(from, parts) : await fetchFiles(from, parts, { ...options, folder });
  const manifest: EncoderManifest = {
    format: "euar-encoder/1",
    source: options.source ?? (isFolder ? resolve(from) : from),
    ...(isFolder ? {} : { revision: options.revision }),
    digest: digestOf(parts),
    files: Object.fromEntries(
      files.map((file) => {
        const path = join(parts, file);
        return [file, { bytes: statSync(path).size, sha256: fileDigest(path) }];
      }),
    ),
  };
  writeFile(join(parts, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(parts, folder);
  return { name, folder, manifest };
}

/**
 * Returns the folder of a new encoder in the store.
 * @throws ConfigError for a name that is invalid or in use
 */
export function newEncoderFolder(name: string): string {
  if (!isEncoderName(name))
    throw new ConfigError("config.invalid", `"${name}" cannot be the name of an encoder`, {
      hint: "Use letters, digits, ., _ and -. Give a name with --name.",
    });
  const folder = join(encoderStore(), name);
  if (existsSync(folder))
    throw new ConfigError("config.conflict", `the encoder "${name}" already exists in ${folder}`, {
      hint: "Remove it first, or give another name with --name.",
    });
  return folder;
}

/**
 * Opens the new files as an encoder. Deletes them if that fails.
 * @throws MediaError for anything but an encoder
 */
function digestOf(parts: string): string {
  try {
    return EncoderCheckpoint.open(encoderFolder(parts)).digest();
  } catch (error) {
    rmSync(parts, { recursive: true, force: true });
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** @returns the names of the files */
function copyFiles(from: string, to: string): string[] {
  const source = encoderFolder(from);
  EncoderCheckpoint.open(source);
  const weights = existsSync(join(from, WEIGHTS)) ? [WEIGHTS] : [INDEX, ...shardsOf(from)];
  const files = [...NEEDED, "tokenizer_config.json", ...weights].filter((file) => {
    if (existsSync(join(from, file))) return true;
    if (file === "tokenizer_config.json") return false;
    throw new MediaError("media.not-found", `${source.name} has no ${file}`, {
      hint: "An encoder is a folder with config.json, model.safetensors and tokenizer.json.",
    });
  });
  for (const file of files) {
    try {
      copyFileSync(join(from, file), join(to, file), constants.COPYFILE_FICLONE);
    } catch (cause) {
      rmSync(to, { recursive: true, force: true });
      throw writeError(join(to, file), cause);
    }
  }
  return files;
}

/** Returns the files that an index of weights names. The reader refuses those that lead out of the folder. */
function shardsOf(folder: string): string[] {
  const map = jsonOf(encoderFolder(folder), INDEX)?.["weight_map"] ?? {};
  const named = Object.values(map).filter((file): file is string => typeof file === "string");
  return [...new Set(named)].filter((file) => /^[\w.-]+\.safetensors$/.test(file)).sort();
}

async function fetchFiles(
  id: string,
  to: string,
  options: AddOptions & { readonly folder: string },
): Promise<string[]> {
  const { revision, signal, pause, onProgress, folder } = options;
  const endpoint = hubEndpoint();
  const fetchFile = async (file: string): Promise<boolean> => {
    const path = join(to, file);
    // complete file of an interrupted attempt
    if (existsSync(path)) return true;
    try {
      return await download({
        url: hubFile(endpoint, id, revision, file),
        path,
        limit: LIMIT,
        name: `${file} of ${id} (${revision})`,
        resumable: true,
        onProgress: (received, total) => onProgress?.(file, received / total),
        ...(signal && { signal }),
        ...(pause && { pause }),
      });
    } catch (cause) {
      if (!(cause instanceof MediaError) || cause.code !== "media.not-found") throw cause;
      const address = hubFile(endpoint, id, revision, "FILE");
      throw new MediaError("media.not-found", cause.message, {
        hint:
          `The downloaded part is kept: run the command again to continue. Without a network, download ` +
          `${address} for FILE = ${[...NEEDED, "tokenizer_config.json", WEIGHTS].join(", ")} elsewhere ` +
          `and put them into ${folder}.`,
        cause,
      });
    }
  };
  const need = async (file: string): Promise<string> => {
    if (await fetchFile(file)) return file;
    throw new MediaError("media.not-found", `${id} (${revision}) has no ${file} on the hub`, {
      hint: "Check the name. In Python, save_pretrained writes model.safetensors and tokenizer.json.",
    });
  };
  const files: string[] = [];
  for (const file of NEEDED) files.push(await need(file));
  if (await fetchFile("tokenizer_config.json")) files.push("tokenizer_config.json");
  if (await fetchFile(WEIGHTS)) return [...files, WEIGHTS];
  if (!(await fetchFile(INDEX))) return [...files, await need(WEIGHTS)];
  files.push(INDEX);
  for (const shard of shardsOf(to)) files.push(await need(shard));
  return files;
}

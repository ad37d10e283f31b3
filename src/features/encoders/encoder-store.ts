import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, MediaError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { withFileSource } from "../../data/formats/file-source.js";
import { EncoderCheckpoint } from "../../encoders/encoder-checkpoint.js";
import { encoderFolder, encoderStore, isEncoderName } from "../../encoders/encoder-folder.js";

/** File in the folder of a stored encoder that records its source and its files. */
export const MANIFEST = "euar-encoder.json";
/** Number of bytes to read at a time. */
const PIECE = 1 << 24;

const manifestSchema = z.object({
  format: z.literal("euar-encoder/1"),
  /** Folder, or "owner/name" of a hub. */
  source: z.string(),
  revision: z.string().optional(),
  /** sha-256 of the configuration and weights, as runs remember it. */
  digest: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

export type EncoderManifest = z.infer<typeof manifestSchema>;

export interface StoredEncoder {
  readonly name: string;
  readonly folder: string;
  /** Name of the architecture in its configuration. */
  readonly family: string;
  readonly layers: number;
  readonly width: number;
  /** Record of the encoder. Undefined for a folder that was put there by hand, or an unreadable record. */
  readonly manifest: EncoderManifest | undefined;
  /** Defects of the encoder. Empty for a good one. */
  readonly problems: readonly string[];
}

/**
 * Lists the encoders in the store, by name.
 * @param check true: compares each file with its sha-256; false: only with its size
 */
export function listEncoders(check = false): StoredEncoder[] {
  const store = encoderStore();
  return storedNames().flatMap((name) => describe(name, join(store, name), check) ?? []);
}

/** Returns the names of folders in the store that look like encoders. */
function storedNames(): string[] {
  const store = encoderStore();
  if (!existsSync(store)) return [];
  return readdirSync(store)
    .filter((name) => isEncoderName(name) && existsSync(join(store, name, "config.json")))
    .sort();
}

/** Describes an encoder. Undefined for another kind of folder, e.g. an encoder of images. */
function describe(name: string, folder: string, check: boolean): StoredEncoder | undefined {
  const { manifest, problems } = recordOf(folder, check);
  try {
    const { shape, files } = EncoderCheckpoint.open(encoderFolder(folder));
    const { family, layers, hidden: width } = shape;
    return { name, folder: files.name, family: family.name, layers, width, manifest, problems };
  } catch (error) {
    const wasAdded = existsSync(join(folder, MANIFEST));
    if (!wasAdded || !(error instanceof MediaError)) return undefined;
    const unknown = { family: "unknown", layers: NaN, width: NaN };
    return { name, folder, ...unknown, manifest, problems: [...problems, error.message] };
  }
}

/** Returns the record of an encoder, and defects of the record or its files. */
function recordOf(folder: string, check: boolean): Pick<StoredEncoder, "manifest" | "problems"> {
  try {
    const manifest = readManifest(folder);
    return { manifest, problems: manifest ? wrongFiles(folder, manifest, check) : [] };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { manifest: undefined, problems: [error.message] };
  }
}

function readManifest(folder: string): EncoderManifest | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  try {
    return manifestSchema.parse(JSON.parse(readSmallText(path)));
  } catch (cause) {
    throw new MediaError("media.damaged", `${path} is not the record of an encoder`, {
      hint: "Remove the folder and add the encoder again.",
      cause,
    });
  }
}

function wrongFiles(folder: string, { files }: EncoderManifest, check: boolean): string[] {
  return Object.entries(files).flatMap(([file, { bytes, sha256 }]) => {
    const path = join(folder, file);
    if (!existsSync(path)) return [`${file} is missing`];
    const { size } = statSync(path);
    if (size !== bytes) return [`${file} has ${size} bytes, not ${bytes}`];
    return check && fileDigest(path) !== sha256 ? [`${file} has another sha-256 than when it was added`] : [];
  });
}

/** Returns the sha-256 of a file, read in pieces. */
export function fileDigest(path: string): string {
  return withFileSource(path, (source) => {
    const hash = createHash("sha256");
    for (let start = 0; start < source.size; start += PIECE)
      hash.update(source.read(start, Math.min(PIECE, source.size - start)));
    return hash.digest("hex");
  });
}

/**
 * Removes an added encoder: the files of its record, and the folder if it is empty then.
 * @returns the folder
 * @throws ConfigError "config.invalid" for a missing encoder, or one that was put there by hand
 */
export function removeEncoder(name: string): string {
  const folder = join(encoderStore(), name);
  if (!isEncoderName(name) || !existsSync(folder))
    throw new ConfigError("config.invalid", `there is no encoder "${name}" in ${encoderStore()}`, {
      hint: suggestion(name, storedNames()),
    });
  const manifest = readManifest(folder);
  if (!manifest)
    throw new ConfigError("config.invalid", `${folder} was not made by \`euar encoders add\``, {
      hint: "Delete the folder yourself.",
    });
  // names in a foreign record must not lead out of the folder
  for (const file of Object.keys(manifest.files))
    if (/^\w[\w.-]*$/.test(file)) rmSync(join(folder, file), { force: true });
  rmSync(join(folder, MANIFEST), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  return folder;
}

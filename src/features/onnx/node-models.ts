import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { download, readDownloaded } from "./hub-download.js";
import { type ModelPlace, type ModelSource, placeName, tooLarge } from "./model-source.js";

export interface NodeModelsOptions {
  /** Address of the hub. Default $HF_ENDPOINT, otherwise https://huggingface.co. */
  readonly endpoint?: string | undefined;
  /**
   * Folder of downloaded models. Default $EUAR_MODELS, otherwise `euar/models` in the user's cache folder.
   */
  readonly cache?: string | undefined;
  /** Replaces the pauses between attempts in tests. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Reads models from folders, and from a hub through a folder of downloads. */
export function nodeModels({ endpoint, cache, pause }: NodeModelsOptions = {}): ModelSource {
  const hub = {
    endpoint: hubEndpoint(endpoint),
    cache: cache === undefined ? modelsFolder() : resolve(cache),
    ...(pause && { pause }),
  };
  return {
    absolute: (folder) => resolve(folder),
    digest: (bytes) => Promise.resolve(createHash("sha256").update(bytes).digest("hex")),
    read: (place, path, limit) =>
      place.kind === "folder" ? readFromFolder(place, path, limit) : readFromHub(hub, place, path, limit),
  };
}

/** Returns the address of the hub: the given one, otherwise $HF_ENDPOINT, otherwise the public one. */
export function hubEndpoint(given?: string): string {
  return (given ?? setting("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, "");
}

/**
 * Returns the address of a model's file.
 * @param id "owner/name"
 */
export function hubFile(endpoint: string, id: string, revision: string, path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${endpoint}/${id}/resolve/${encodeURIComponent(revision)}/${encoded}`;
}

function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/**
 * Returns the folder of downloaded models: $EUAR_MODELS, otherwise the one of the XDG base directory
 * specification.
 */
export function modelsFolder(): string {
  const cache = setting("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  return resolve(setting("EUAR_MODELS") ?? join(cache, "euar", "models"));
}

type Folder = Extract<ModelPlace, { kind: "folder" }>;
type Hub = Extract<ModelPlace, { kind: "hub" }>;

async function readFromFolder(place: Folder, path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = join(place.folder, path);
  try {
    const { size } = await stat(file);
    if (size > limit) throw tooLarge(place, path, limit, size);
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new MediaError("media.not-found", `${file} cannot be read: ${causeText(cause)}`, {
        hint: "Check that it is a file, and its permissions.",
        cause,
      });
    }
    if (await isFolder(place.folder)) return undefined;
    throw new MediaError("media.not-found", `the model folder ${place.folder} does not exist`, {
      hint: "Give the folder that has the model's files, or its .onnx file.",
      cause,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

interface HubSettings {
  readonly endpoint: string;
  readonly cache: string;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Reads a file through the folder of downloads. It also records which files the hub does not have, so that
 * later runs need no network.
 */
async function readFromHub(
  { endpoint, cache, pause }: HubSettings,
  place: Hub,
  path: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const file = join(cache, ...place.id.split("/"), encodeURIComponent(place.revision), ...path.split("/"));
  const absent = `${file}.absent`;
  const stored = await readDownloaded(file);
  if (stored) {
    if (stored.length > limit) throw tooLarge(place, path, limit, stored.length);
    return stored;
  }
  if (await readDownloaded(absent)) return undefined;
  const found = await download({
    url: hubFile(endpoint, place.id, place.revision, path),
    path: file,
    limit,
    name: `${path} of ${placeName(place)}`,
    ...(pause && { pause }),
  });
  if (found) return readDownloaded(file);
  await writeWhole(absent, "");
  return undefined;
}

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, DataError } from "../../core/errors.js";
import { folderKind } from "../../data/formats/folder-kind.js";
import { LABEL_TABLE, readClips, type SourceOptions } from "./read-clips.js";
import { readMediaTable } from "./read-media-table.js";
import { hasPosts, MVSA_LABELS, readMvsa, readPosts } from "./read-posts.js";
import { isSceneFolder, readScenes } from "./read-scenes.js";
import type { SampleSource } from "./sample.js";

/** True for a folder of labelled pictures: posts (which have texts too) or RGB-D scenes. */
export function isPictureFolder(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return hasPosts(path) || existsSync(join(path, MVSA_LABELS)) || isSceneFolder(path);
}

/**
 * Reads the samples of a folder or table of raw media. Recognises its kind.
 * @throws DataError "data.not-found", or "data.format" for a folder of unknown kind
 */
export function readSource(path: string, options: SourceOptions): SampleSource {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new DataError("data.not-found", `${path} does not exist.`, {
      hint: "Give a folder of clips or posts, or a table with a column of texts.",
    });
  if (stats.isFile()) return readMediaTable(path, options);
  if (options.media !== undefined)
    throw new ConfigError("config.conflict", `--media names columns of a table, and ${path} is a folder`, {
      hint: "Give the .csv, .tsv or .jsonl file itself.",
    });
  if (!stats.isDirectory())
    throw new DataError("data.format", `${path} is neither a folder nor a regular file.`, {
      hint: "Give a folder of clips or posts, or a table with a column of texts.",
    });
  if (existsSync(join(path, LABEL_TABLE))) return readClips(path, options);
  if (hasPosts(path)) return readPosts(path, options);
  if (existsSync(join(path, MVSA_LABELS))) return readMvsa(path, options);
  if (isSceneFolder(path)) return readScenes(path, options);
  const kind = folderKind(readdirSync(path), path);
  if (kind !== undefined)
    throw new DataError("data.format", `${path} is ${kind.what}, not a folder of labelled media.`, {
      hint: kind.remedy,
    });
  throw new DataError(
    "data.format",
    `${path} has no ${LABEL_TABLE}, no train.jsonl, dev.jsonl and test.jsonl, and no ${MVSA_LABELS}.`,
    { hint: "docs/extract.md shows the folders that are read." },
  );
}

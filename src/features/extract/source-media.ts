import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../core/is-record.js";
import { parseJson } from "../../core/parse-json.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { extractFiles } from "./extract-files.js";
import type { MediaColumn } from "./media-columns.js";
import { readSource } from "./read-source.js";

/** Largest extract.json, in bytes. */
const LARGEST = 2 ** 24;

/** Files of a sample by modality. Sound and video of a clip are the same file. */
export type SampleFilesByModality = Readonly<Record<string, string>>;

/**
 * Finds the files that the features of an extracted data set come from.
 * @param folder folder of the data set
 * @returns files by split and id, as "test/ID". Undefined for a data set that was not extracted, or whose
 * source is no longer there or was changed so that it cannot be read
 */
export function sourceMedia(folder: string): ReadonlyMap<string, SampleFilesByModality> | undefined {
  const file = join(folder, extractFiles.request);
  if (!existsSync(file)) return undefined;
  try {
    const request = parseJson(readSmallText(file, { limit: LARGEST }));
    if (!isRecord(request)) return undefined;
    const { input, label, seed, groupBy, testGroup, media } = request;
    if (typeof input !== "string" || typeof label !== "string" || typeof seed !== "number") return undefined;
    const { samples } = readSource(input, {
      label,
      seed,
      ...(typeof groupBy === "string" && { groupBy }),
      ...(typeof testGroup === "string" && { testGroup }),
      ...(Array.isArray(media) && { media: media as readonly MediaColumn[] }), // written by `extract`
    });
    return new Map(samples.map(({ split, id, files }) => [`${split}/${id}`, files]));
  } catch {
    return undefined; // the data set can be read without its source
  }
}

import { readdir, stat } from "node:fs/promises";
import { checkOptions, checkText } from "../../core/check-options.js";
import { DataError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { Dataset } from "../dataset.js";
import { isSynthetic, loadSynthetic } from "../synthetic/load-synthetic.js";
import { formatNames, namedFormat, readWithFormat, recognisedFormat, someRecognise } from "./data-format.js";
import { readFileDataset } from "./file-formats.js";
import { readHead, statsOf } from "./file-source.js";
import { type LoadOptions, loadOptionsSchema } from "./load-options.js";

/**
 * Loads a data set.
 * @param source `"synthetic"`, `"synthetic:seed=3"`, the path of an MMSA or MIB pickle, the path of a folder
 * with a `dataset.json` (or of such a description itself), or `"name:..."` of a format that
 * {@link registerFormat} added; docs/formats.md describes each
 * @throws DataError with the file, the place in it, and the remedy
 * @example
 * const dataset = await loadDataset("mosi.pkl", { modalities: ["text", "audio"] });
 */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<Dataset> {
  checkText(source, "loadDataset: the source");
  checkOptions(loadOptionsSchema, options, "loadDataset");
  const dataset = await loadSource(source, options);
  if (options.modalities !== undefined) requirePresent(dataset);
  return dataset;
}

/**
 * Checks that a training sample has each requested modality.
 * @throws DataError "data.empty"
 */
function requirePresent({ name, modalities, splits }: Dataset): void {
  const absent = modalities.find(
    (modality) => splits.train.modalities[modality.name]?.present.includes(1) !== true,
  );
  if (absent === undefined) return;
  throw new DataError("data.empty", `${name}: ${absent.name} was requested, but no sample of train has it.`, {
    hint: `Omit ${absent.name} from --modalities, or see with euar inspect why it is missing.`,
  });
}

async function loadSource(source: string, options: LoadOptions): Promise<Dataset> {
  if (isSynthetic(source)) return loadSynthetic(source, options);
  if (source === "")
    throw new DataError("data.not-found", "No data set was named.", { hint: 'Give a path, or "synthetic".' });
  const named = namedFormat(source);
  if (named) return readWithFormat(named.format, named.rest, options);
  requireKnownFormat(source);
  const folder = await isFolder(source);
  if (someRecognise()) {
    const [head, names] = folder ? [new Uint8Array(), await readdir(source)] : [readHead(source), []];
    const format = await recognisedFormat({ path: source, isFolder: folder, head, names });
    if (format) return readWithFormat(format, source, options);
  }
  return readFileDataset({ path: source, isFolder: folder, head: () => readHead(source) }, options);
}

/**
 * Refuses a path that does not exist and begins like the name of a format.
 *
 * @throws DataError "data.not-found"
 */
function requireKnownFormat(source: string): void {
  const [, name] = /^([a-z][a-z0-9-]+):/.exec(source) ?? [];
  if (name === undefined || statsOf(source) !== undefined) return;
  throw new DataError(
    "data.not-found",
    `${source} does not exist, and no data format "${name}" is registered.`,
    {
      hint: suggestion(name, [...formatNames(), "synthetic"]),
    },
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // opening it as a file gives the error
  }
}

import type { Dataset } from "../dataset.js";
import type { FileCandidate, FileFormat } from "./file-format.js";
import { withFileSource } from "./file-source.js";
import { readFolder } from "./folder.js";
import type { LoadOptions } from "./load-options.js";
import { readPickleDataset } from "./read-pickle-dataset.js";

/** Folder with a dataset.json, or that description itself. */
const folder: FileFormat = {
  recognises: ({ path, isFolder }) => isFolder || path.toLowerCase().endsWith(".json"),
  read: readFolder,
};

/** MMSA or MIB pickle. For other files, its reader names their actual format. */
const pickle: FileFormat = {
  recognises: () => true,
  read: (path, options) => withFileSource(path, (file) => readPickleDataset(file, options)),
};

/** Formats of files and folders, in the order of trial. The last one accepts every file. */
const fileFormats: readonly FileFormat[] = [folder, pickle];

/** Reads a file or folder in the first format that recognises it. */
export async function readFileDataset(candidate: FileCandidate, options: LoadOptions): Promise<Dataset> {
  const format = fileFormats.find(({ recognises }) => recognises(candidate)) ?? pickle;
  return format.read(candidate.path, options);
}

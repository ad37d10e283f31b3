import { DataError } from "../../core/errors.js";
import type { Dataset } from "../dataset.js";
import { type ByteSource, headOf } from "./byte-source.js";
import type { LoadOptions } from "./load-options.js";
import { readMib } from "./mib.js";
import { misplacedFile } from "./file-kind.js";
import { findSplits, readMmsa } from "./mmsa.js";
import { asDict } from "./pickle/access.js";
import { readPickle } from "./pickle/read-pickle.js";
import { PyDict, PyList, PyTuple, type PyValue } from "./pickle/values.js";

/**
 * Reads a data set from a pickle, in MMSA's or MIB's layout. Works on any byte source, in the browser too.
 * @throws DataError if the file is unsafe, damaged, or has another content
 */
export function readPickleDataset(source: ByteSource, options: LoadOptions = {}): Dataset {
  if (source.size === 0) throw new DataError("data.empty", `${source.name} is empty.`);
  const splits = findSplits(asDict(readRecognised(source), source.name), source.name);
  if (splits.train instanceof PyDict) return readMmsa(source, splits, options);
  if (splits.train instanceof PyList || splits.train instanceof PyTuple)
    return readMib(source, splits, options);
  throw new DataError(
    "data.format",
    `${source.name}: train is neither a dict (MMSA's layout) nor a list of samples (MIB's layout).`,
  );
}

/** Reads the pickle. Old pickles are text, so a plain text is refused only if it is not a readable pickle. */
function readRecognised(source: ByteSource): PyValue {
  const misplaced = misplacedFile(headOf(source), source.name, {
    expected: ["pickle"],
    wanted: "a pickle of a data set",
  });
  if (misplaced === undefined) return readPickle(source);
  const { id, message, hint } = misplaced;
  const refuse = (cause?: unknown): DataError => new DataError("data.format", `${message}.`, { hint, cause });
  if (id !== "text") throw refuse();
  try {
    return readPickle(source);
  } catch (error) {
    throw error instanceof DataError && error.code === "data.format" ? refuse(error) : error;
  }
}

import { DataError } from "../../core/errors.js";
import type { Dataset } from "../dataset.js";
import type { ByteSource } from "./byte-source.js";
import type { LoadOptions } from "./load-options.js";
import { readMib } from "./mib.js";
import { KIND_BYTES, misplacedFile, recogniseFile } from "./file-kind.js";
import { findSplits, readMmsa } from "./mmsa.js";
import { asDict } from "./pickle/access.js";
import { readPickle } from "./pickle/read-pickle.js";
import { PyDict, PyList, PyTuple, type PyValue } from "./pickle/values.js";

/**
 * Reads a data set from a pickle, in MMSA's or MIB's layout. Works on any byte source, in the browser too.
 * @throws DataError when the file is unsafe, damaged, or holds something else
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

/**
 * Reads the pickle, or says what the file is instead. Old pickles are text, so what looks like one of no
 * known kind is tried first.
 */
function readRecognised(source: ByteSource): PyValue {
  const head = source.read(0, Math.min(source.size, KIND_BYTES));
  const misplaced = misplacedFile(head, source.name, {
    expected: ["pickle"],
    wanted: "a pickle of a data set",
  });
  const refuse = (cause?: unknown): DataError =>
    new DataError("data.format", `${misplaced?.message ?? source.name}.`, {
      ...(misplaced && { hint: misplaced.hint }),
      cause,
    });
  if (misplaced === undefined) return readPickle(source);
  if (recogniseFile(head, source.name)?.id !== "text") throw refuse();
  try {
    return readPickle(source);
  } catch (error) {
    throw error instanceof DataError && error.code === "data.format" ? refuse(error) : error;
  }
}

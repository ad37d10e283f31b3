import { DataError } from "../../core/errors.js";
import type { Dataset } from "../dataset.js";
import type { ByteSource } from "./byte-source.js";
import type { LoadOptions } from "./load-options.js";
import { readMib } from "./mib.js";
import { findSplits, readMmsa } from "./mmsa.js";
import { asDict } from "./pickle/access.js";
import { readPickle } from "./pickle/read-pickle.js";
import { PyDict, PyList, PyTuple } from "./pickle/values.js";

/**
 * Reads a data set from a pickle, in MMSA's or MIB's layout. Works on any byte source, in the browser too.
 * @throws DataError when the file is unsafe, damaged, or holds something else
 */
export function readPickleDataset(source: ByteSource, options: LoadOptions = {}): Dataset {
  if (source.size === 0) throw new DataError("data.empty", `${source.name} is empty.`);
  const splits = findSplits(asDict(readPickle(source), source.name), source.name);
  if (splits.train instanceof PyDict) return readMmsa(source, splits, options);
  if (splits.train instanceof PyList || splits.train instanceof PyTuple)
    return readMib(source, splits, options);
  throw new DataError(
    "data.format",
    `${source.name}: train is neither a dict (MMSA's layout) nor a list of samples (MIB's layout).`,
  );
}

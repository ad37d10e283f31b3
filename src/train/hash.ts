import { createHash } from "node:crypto";
import type { Dataset, SplitName } from "../data/dataset.js";
import { canonicalJson } from "./canonical-json.js";
import type { RunConfig } from "./results.js";

/** sha-256 of the canonical JSON of a configuration, in hexadecimal. */
export function hashConfig(config: RunConfig): string {
  return hashText(canonicalJson(config));
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** sha-256 of the ids and labels of the three splits: enough to notice that data of the same shape are not the same data. */
export function fingerprint(dataset: Dataset): string {
  const hash = createHash("sha256");
  for (const name of ["train", "valid", "test"] as const satisfies readonly SplitName[]) {
    const { ids, labels } = dataset.splits[name];
    hash.update(`${name}\0${ids.join("\0")}\0`);
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  }
  return hash.digest("hex");
}

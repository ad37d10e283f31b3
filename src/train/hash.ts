import { sha256 } from "../core/sha256.js";
import type { Dataset, SplitName } from "../data/dataset.js";
import { canonicalJson } from "./canonical-json.js";
import type { RunConfig } from "./results.js";

/** sha-256 of the canonical JSON of a configuration, in hexadecimal. */
export function hashConfig(config: RunConfig): string {
  return hashText(canonicalJson(config));
}

export function hashText(text: string): string {
  return sha256(new TextEncoder().encode(text));
}

/** sha-256 of the ids and labels of the three splits: enough to notice that data of the same shape are not the same data. */
export function fingerprint(dataset: Dataset): string {
  const parts = (["train", "valid", "test"] as const satisfies readonly SplitName[]).flatMap((name) => {
    const { ids, labels } = dataset.splits[name];
    return [new TextEncoder().encode(`${name}\0${ids.join("\0")}\0`), new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)];
  });
  return sha256(joined(parts));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

import { hashBytes } from "../core/hash-bytes.js";
import { type Dataset, SPLIT_NAMES } from "../data/dataset.js";
import { canonicalJson } from "./canonical-json.js";
import type { RunConfig } from "./results.js";

/** sha-256 of the canonical JSON of a configuration, in hexadecimal. */
export function hashConfig(config: RunConfig): string {
  return hashText(canonicalJson(config));
}

export function hashText(text: string): string {
  return hashBytes(new TextEncoder().encode(text));
}

/**
 * sha-256 of all that a model can see of the three splits: ids, labels, and each modality's values, padding
 * and presence. Two data sets that differ in a single bit of a feature have different fingerprints.
 */
export function fingerprint(dataset: Dataset): string {
  const encoder = new TextEncoder();
  const digests = SPLIT_NAMES.flatMap((name) => {
    const { ids, labels, modalities } = dataset.splits[name];
    const features = dataset.modalities.flatMap(({ name: modality }) => {
      const table = modalities[modality];
      return table
        ? [
            modality,
            `${table.width} ${table.steps}`,
            ...[table.values, table.mask, table.present].flatMap((part) => digestsOf(part)),
          ]
        : [modality, "absent"];
    });
    return [name, hashBytes(encoder.encode(canonicalJson(ids))), ...digestsOf(labels), ...features];
  });
  return hashBytes(encoder.encode(canonicalJson(digests)));
}

/** Bytes that are hashed at once: hashing copies them, and features may be gigabytes. */
const PIECE = 1 << 24;

function digestsOf(values: Float32Array | Uint8Array): string[] {
  const { buffer, byteOffset, byteLength } = values;
  // A view of each piece: one of bytes over all may be longer than an engine allows.
  return Array.from({ length: Math.ceil(byteLength / PIECE) }, (_, i) =>
    hashBytes(new Uint8Array(buffer, byteOffset + i * PIECE, Math.min(PIECE, byteLength - i * PIECE))),
  );
}

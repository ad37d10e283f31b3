import { hashBytes } from "../core/hash-bytes.js";
import { type Dataset, SPLIT_NAMES } from "../data/dataset.js";
import { canonicalJson } from "./canonical-json.js";
import type { RunConfig } from "./results.js";

/** Returns the SHA-256 of a configuration's canonical JSON, in hexadecimal. */
export function hashConfig(config: RunConfig): string {
  return hashText(canonicalJson(config));
}

export function hashText(text: string): string {
  return hashBytes(new TextEncoder().encode(text));
}

/**
 * Returns the SHA-256 of everything that a model can read from the three splits: ids, labels, and each
 * modality's values, padding and presence.
 *
 * Two data sets that differ in a single bit of a feature have different fingerprints.
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

/** Number of bytes hashed at once. Hashing copies them, and features may take gigabytes. */
const PIECE = 1 << 24;

function digestsOf(values: Float32Array | Uint8Array): string[] {
  const { buffer, byteOffset, byteLength } = values;
  // One view per piece: a single view may be longer than an engine allows.
  return Array.from({ length: Math.ceil(byteLength / PIECE) }, (_, i) =>
    hashBytes(new Uint8Array(buffer, byteOffset + i * PIECE, Math.min(PIECE, byteLength - i * PIECE))),
  );
}

import { hashBytes } from "../core/hash-bytes.js";
import { type Dataset, type Split, SPLIT_NAMES } from "../data/dataset.js";
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
 * Returns the SHA-256 of everything that a model can read from the data: ids, labels, and each modality's
 * values, padding and presence; also of measured quality and corrupted copies, if there are any.
 *
 * Two data sets that differ in a single bit of a feature have different fingerprints.
 */
export function fingerprint(dataset: Dataset): string {
  const encoder = new TextEncoder();
  const digests = SPLIT_NAMES.flatMap((name) => {
    const { ids, labels, modalities, quality } = dataset.splits[name];
    const features = featureDigests(dataset, modalities, quality);
    return [name, hashBytes(encoder.encode(canonicalJson(ids))), ...digestsOf(labels), ...features];
  });
  return hashBytes(encoder.encode(canonicalJson([...digests, ...copyDigests(dataset)])));
}

/** Returns digests of one split's features, and of its measured quality if there is one. */
function featureDigests(
  dataset: Dataset,
  modalities: Split["modalities"],
  quality: Split["quality"],
): string[] {
  return dataset.modalities.flatMap(({ name }) => {
    const [table, measured] = [modalities[name], quality?.[name]];
    const features = table
      ? [
          name,
          `${table.width} ${table.steps}`,
          ...[table.values, table.mask, table.present].flatMap((part) => digestsOf(part)),
        ]
      : [name, "absent"];
    return measured ? [...features, canonicalJson(measured.names), ...digestsOf(measured.values)] : features;
  });
}

/**
 * Returns digests of the corrupted copies; none without copies, so that the fingerprint of such data does not
 * change.
 */
function copyDigests(dataset: Dataset): string[] {
  const { copies } = dataset;
  if (!copies) return [];
  const damage = dataset.modalities.flatMap(({ name }) => {
    const done = copies.damage[name];
    return done ? [canonicalJson(done.kind), ...digestsOf(done.severity)] : [];
  });
  const features = featureDigests(dataset, copies.modalities, copies.quality);
  return ["copies", ...digestsOf(copies.rows), ...damage, ...features];
}

/** Number of bytes hashed at once. Hashing copies them, and features may take gigabytes. */
const PIECE = 1 << 24;

function digestsOf(values: Float32Array | Int32Array | Uint8Array): string[] {
  const { buffer, byteOffset, byteLength } = values;
  // One view per piece: a single view may be longer than an engine allows.
  return Array.from({ length: Math.ceil(byteLength / PIECE) }, (_, i) =>
    hashBytes(new Uint8Array(buffer, byteOffset + i * PIECE, Math.min(PIECE, byteLength - i * PIECE))),
  );
}

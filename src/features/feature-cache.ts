import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { AdapterIdentity } from "../data/adapter-identity.js";
import { readSmallFile } from "../data/files/read-small-file.js";
import { writeWhole } from "../data/formats/write-whole.js";
import type { ExtractedFeatures } from "./feature-extractor.js";

/**
 * Increase with every change of decoding or of quality measures. Entries of other versions are extracted
 * again.
 */
const MAGIC = "euar-features/3\n";
const CHECKSUM_BYTES = 32;
/** Largest entry in bytes. A clip of several hours at the finest steps is smaller. */
const LARGEST_ENTRY = 2 ** 31;
/** Largest header in bytes. Prevents a damaged length from allocating more memory than any entry needs. */
const LARGEST_HEADER = 2 ** 20;

const headerSchema = z.object({
  steps: z.int().min(1),
  width: z.int().min(1),
  quality: z.object({
    score: z.number(),
    measures: z.record(z.string(), z.number()),
    problems: z.array(z.object({ code: z.string().min(1), severity: z.number(), message: z.string() })),
  }),
});

/**
 * Returns the name of a cache entry: sha-256 over the content, the adapter's identity and the decoding.
 * @param content sha-256 of the medium's bytes or text
 * @param decoding settings of the decoder that affect values, e.g. "fps 5"
 */
export function featureKey(content: string, identity: AdapterIdentity, decoding = ""): string {
  const { adapter, version, packages, options, width } = identity;
  const sorted = (record: Readonly<Record<string, unknown>>): [string, unknown][] =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([content, adapter, version, sorted(packages), sorted(options), width, decoding]))
    .digest("hex");
}

/**
 * Cache of extracted features on disk, by {@link featureKey}.
 *
 * Entries are written under another name and renamed, and end with a checksum. An entry that is cut off,
 * changed or from another version counts as absent. Several processes may use one folder.
 */
export class FeatureCache {
  constructor(readonly folder: string) {}

  read(key: string): ExtractedFeatures | undefined {
    let bytes: Uint8Array;
    try {
      bytes = readSmallFile(this.path(key), { limit: LARGEST_ENTRY });
    } catch {
      return undefined; // missing or not readable: the features are extracted again
    }
    return decodeEntry(bytes);
  }

  /** @throws EuarError "io.write" */
  async write(key: string, features: ExtractedFeatures): Promise<void> {
    await writeWhole(this.path(key), encodeEntry(features));
  }

  private path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.features`);
  }
}

/**
 * Encodes an entry: magic, header length, header as JSON padded to 8 bytes, times, sequence, mask, sha-256 of
 * all bytes before it.
 */
function encodeEntry({ steps, width, quality, times, sequence, mask }: ExtractedFeatures): Uint8Array {
  const json = Buffer.from(JSON.stringify({ steps, width, quality }));
  const start = Math.ceil((MAGIC.length + 4 + json.length) / 8) * 8;
  const head = Buffer.alloc(start, " ");
  head.write(MAGIC, "latin1");
  head.writeUInt32LE(start - MAGIC.length - 4, MAGIC.length);
  json.copy(head, MAGIC.length + 4);
  const body = Buffer.concat([head, bytesOf(times), bytesOf(sequence), mask]);
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function decodeEntry(file: Uint8Array): ExtractedFeatures | undefined {
  const bytes = new Uint8Array(file); // a new buffer, so that numbers are aligned
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < MAGIC.length + 4 || Buffer.from(bytes.subarray(0, MAGIC.length)).toString("latin1") !== MAGIC)
    return undefined;
  const checksum = createHash("sha256").update(bytes.subarray(0, end)).digest();
  if (!checksum.equals(bytes.subarray(end))) return undefined;
  const length = new DataView(bytes.buffer).getUint32(MAGIC.length, true);
  if (length > LARGEST_HEADER) return undefined;
  const start = MAGIC.length + 4 + length;
  const header = headerSchema.safeParse(
    JSON.parse(Buffer.from(bytes.subarray(MAGIC.length + 4, start)).toString("utf8")),
  );
  if (!header.success) return undefined;
  const { steps, width, quality } = header.data;
  if (start + steps * (16 + 4 * width + 1) !== end) return undefined;
  const times = new Float64Array(bytes.buffer, start, 2 * steps);
  const sequence = new Float32Array(bytes.buffer, start + 16 * steps, steps * width);
  return { steps, width, times, sequence, mask: bytes.slice(end - steps, end), quality };
}

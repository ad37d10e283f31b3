import { defined } from "../core/defined.js";
import { MediaError } from "../core/errors.js";
import { hashBytes } from "../core/hash-bytes.js";
import { type EncoderShape, parseEncoderConfig } from "./encoder-config.js";
import { damagedFile, type EncoderFiles, jsonOf, missingFile } from "./encoder-files.js";
import { hubName, olderName } from "./hub-names.js";
import { floatsOf, isFloat, safetensorsIndex, tensorBytes, type TensorPlace } from "./safetensors-index.js";
import { requireTokenizer } from "./require-tokenizer.js";
import { transposeInto } from "./transpose.js";
import type { EncoderWeights } from "./weight-store.js";

const CONFIG = "config.json";
/** Names of weight files on model hubs: one file, or an index of several parts. */
export const weightFiles = { weights: "model.safetensors", index: "model.safetensors.index.json" } as const;
const { weights: WEIGHTS, index: INDEX } = weightFiles;
/** Number of bytes hashed at once. */
const PIECE = 1 << 24;

/**
 * Shape of a pretrained encoder, and the positions of its weights in their files. Opening one reads only
 * headers.
 */
export class EncoderCheckpoint {
  private constructor(
    readonly files: EncoderFiles,
    readonly shape: EncoderShape,
    private readonly places: ReadonlyMap<string, TensorPlace>,
  ) {}

  /**
   * Opens a folder in the layout of model hubs: config.json and model.safetensors, or
   * model.safetensors.index.json with its parts.
   * @throws MediaError "media.not-found" without a configuration or weights, "media.unsupported" for an
   * unknown architecture, "media.damaged" for files that do not belong together, "media.mismatch" for the
   * tokenizer of another encoder
   */
  static open(files: EncoderFiles): EncoderCheckpoint {
    const config = jsonOf(files, CONFIG);
    if (!config) throw missingFile(files, CONFIG);
    const shape = parseEncoderConfig(config, `${CONFIG} of ${files.name}`);
    requireTokenizer(files, shape.vocabulary);
    return new EncoderCheckpoint(files, shape, weightPlaces(files));
  }

  /** Returns the sha-256 of the configuration and of every weight file. Reads them piece by piece. */
  digest(): string {
    const sources = new Set([...this.places.values()].map(({ source }) => source));
    const config = this.files.open(CONFIG);
    const digests = [...(config ? [config] : []), ...sources].flatMap((source) => {
      const pieces = Math.ceil(source.size / PIECE);
      return Array.from({ length: pieces }, (_, i) =>
        hashBytes(source.read(i * PIECE, Math.min(PIECE, source.size - i * PIECE))),
      );
    });
    return hashBytes(new TextEncoder().encode(digests.join("\n")));
  }

  /**
   * Fills the weights of a stack. Reads each tensor once, by its byte range.
   * @throws MediaError "media.damaged" for a tensor that is missing, of another shape or not finite
   */
  fill(weights: EncoderWeights): void {
    for (const [name, { parameter }] of weights.all()) {
      const hub = hubName(this.shape.family, name);
      if (!hub) continue;
      const place = this.placeOf(hub.name);
      const shape = hub.transposed ? [...parameter.shape].reverse() : parameter.shape;
      if (place.shape.length !== shape.length || place.shape.some((extent, i) => extent !== shape[i]))
        throw damagedFile(
          this.files,
          place.source.name,
          `"${hub.name}" has the shape [${place.shape.join(", ")}], but ${CONFIG} requires ` +
            `[${shape.join(", ")}]`,
        );
      const { dtype } = place;
      if (!isFloat(dtype))
        throw damagedFile(
          this.files,
          place.source.name,
          `"${hub.name}" is stored as ${dtype}, but only F64, F32, F16 and BF16 can be read`,
        );
      const values = floatsOf(tensorBytes(place), dtype);
      if (!allFinite(values))
        throw damagedFile(this.files, place.source.name, `the values of "${hub.name}" are not all finite`);
      const [rows = 1, columns = 1] = shape;
      if (hub.transposed) transposeInto(values, rows, columns, parameter.buffer.view);
      else parameter.buffer.view.set(values);
    }
  }

  private placeOf(name: string): TensorPlace {
    const { prefix } = this.shape.family;
    const candidates = [name, olderName(name)].flatMap((known) => [known, `${prefix}${known}`]);
    for (const candidate of candidates) {
      const place = this.places.get(candidate);
      if (place) return place;
    }
    throw new MediaError(
      "media.damaged",
      `the weights of ${this.files.name} have no tensor "${name}" (nor "${prefix}${name}")`,
      { hint: `${CONFIG} and the weights do not belong together. Copy or download the encoder again.` },
    );
  }
}

function weightPlaces(files: EncoderFiles): Map<string, TensorPlace> {
  const whole = files.open(WEIGHTS);
  if (whole) return safetensorsIndex(whole);
  const index = jsonOf(files, INDEX);
  if (!index) {
    const pickled = files.open("pytorch_model.bin") !== undefined;
    throw new MediaError("media.not-found", `${files.name} has no ${WEIGHTS}`, {
      hint: pickled
        ? "The folder has a pickle, which euar does not read. In Python, " +
          'model.save_pretrained("FOLDER") writes safetensors.'
        : "An encoder is a folder with config.json, model.safetensors and tokenizer.json.",
    });
  }
  const map = index["weight_map"];
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw damagedFile(files, INDEX, "it has no weight_map");
  const shards = new Map<string, Map<string, TensorPlace>>();
  const places = new Map<string, TensorPlace>();
  for (const [name, file] of Object.entries(map)) {
    // a name with a slash would lead out of the folder
    if (typeof file !== "string" || !/^[\w.-]+\.safetensors$/.test(file))
      throw damagedFile(
        files,
        INDEX,
        `"${name}" is in ${JSON.stringify(file)}, which is not a file of the encoder`,
      );
    let shard = shards.get(file);
    if (!shard) {
      const source = files.open(file);
      if (!source) throw missingFile(files, file);
      shard = safetensorsIndex(source);
      shards.set(file, shard);
    }
    const place = shard.get(name);
    if (place) places.set(name, place);
  }
  return places;
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = defined(values[i]);
    sum += value - value; // 0 for a finite value, otherwise NaN
  }
  return sum === 0;
}

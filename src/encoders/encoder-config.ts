import { MediaError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type EncoderFamily, encoderFamilies, familyOf } from "./families.js";

/** Shape of an encoder of any family. Sizes: V vocabulary, H width, F feed-forward width. */
export interface EncoderShape {
  readonly family: EncoderFamily;
  /** Vocabulary size V. */
  readonly vocabulary: number;
  /** Width of the word embeddings. Equal to H unless the family projects them (ELECTRA). */
  readonly embeddingWidth: number;
  /** Hidden width H. */
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  /** Feed-forward width F. */
  readonly inner: number;
  /** Number of rows of the position table. */
  readonly positions: number;
  /** First row of the position table that a text uses. RoBERTa and MPNet start at paddingId + 1. */
  readonly firstPosition: number;
  /** Number of rows of the segment table; 0 for families without one. */
  readonly segments: number;
  readonly epsilon: number;
  readonly activation: "gelu" | "gelu-tanh" | "relu";
  /**
   * Position of the layer norms: after each residual sum ("post"), or before each sublayer with a last one at
   * the end.
   */
  readonly norm: "post" | "pre";
  /** Number of buckets of the relative position bias (MPNet); 0 without it. */
  readonly relativeBuckets: number;
  readonly paddingId: number;
  /** Dropout rates of the pretraining. */
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** Returns the largest number of tokens that the position table allows. */
export function longestText(shape: EncoderShape): number {
  return shape.positions - shape.firstPosition;
}

const ACTIVATIONS: Readonly<Record<string, EncoderShape["activation"]>> = {
  gelu: "gelu",
  gelu_python: "gelu",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
  relu: "relu",
};

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a hub's config.json.
 * @param place name of the file, for messages
 * @throws MediaError "media.unsupported" for an unknown architecture, activation or position embedding,
 * "media.damaged" for a missing or impossible size
 */
export function parseEncoderConfig(config: Json, place: string): EncoderShape {
  const type = config["model_type"];
  const family = typeof type === "string" ? familyOf(type) : undefined;
  if (!family || typeof type !== "string") {
    const known = Object.keys(encoderFamilies);
    throw new MediaError(
      "media.unsupported",
      `${place}: model_type is ${JSON.stringify(type ?? null)}, which is not a supported encoder`,
      { hint: suggestion(String(type), known) },
    );
  }
  const { keys } = family;
  const size = (key: string, most = 2 ** 24): number => sizeOf(config, key, place, most);
  const hidden = size(keys.hidden, 16_384);
  const heads = size(keys.heads, 1024);
  if (hidden % heads !== 0)
    throw damaged(place, `${keys.heads} = ${heads} does not divide ${keys.hidden} = ${hidden}`);
  const positionType = config["position_embedding_type"] ?? "absolute";
  if (positionType !== "absolute")
    throw new MediaError(
      "media.unsupported",
      `${place}: position_embedding_type is ${JSON.stringify(positionType)}, expected "absolute"`,
      { hint: "Use an encoder with absolute positions." },
    );
  const activation = config[keys.activation] ?? "gelu";
  const known = typeof activation === "string" ? ACTIVATIONS[activation] : undefined;
  if (!known)
    throw new MediaError(
      "media.unsupported",
      `${place}: ${keys.activation} is ${JSON.stringify(activation)}`,
      { hint: `Known activations: ${Object.keys(ACTIVATIONS).join(", ")}.` },
    );
  const paddingId = countOf(config, "pad_token_id", place, family.paddingId);
  return {
    family,
    vocabulary: size("vocab_size"),
    embeddingWidth: config["embedding_size"] === undefined ? hidden : size("embedding_size", 16_384),
    hidden,
    layers: size(keys.layers, 256),
    heads,
    inner: size(keys.inner, 65_536),
    positions: size("max_position_embeddings"),
    firstPosition: family.positionsFromPadding ? paddingId + 1 : 0,
    segments: family.hasSegments ? countOf(config, "type_vocab_size", place, 2) : 0,
    epsilon: fractionOf(config, "layer_norm_eps", place, family.epsilon),
    activation: known,
    norm: family.norm,
    relativeBuckets: family.relativeBias ? countOf(config, "relative_attention_num_buckets", place, 32) : 0,
    paddingId,
    dropout: fractionOf(config, keys.dropout, place, 0.1),
    attentionDropout: fractionOf(config, keys.attentionDropout, place, 0.1),
  };
}

function sizeOf(config: Json, key: string, place: string, most: number): number {
  const value = config[key];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw damaged(
    place,
    `${key} is ${JSON.stringify(value ?? null)}, expected a whole number from 1 to ${most}`,
  );
}

function countOf(config: Json, key: string, place: string, fallback: number): number {
  const value = config[key] ?? fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 24) return value;
  throw damaged(place, `${key} is ${JSON.stringify(value)}, expected a whole number`);
}

function fractionOf(config: Json, key: string, place: string, fallback: number): number {
  const value = config[key] ?? fallback;
  if (typeof value === "number" && value >= 0 && value < 1) return value;
  throw damaged(place, `${key} is ${JSON.stringify(value)}, expected a number in [0, 1)`);
}

function damaged(place: string, reason: string): MediaError {
  return new MediaError("media.damaged", `${place} is not usable: ${reason}`, {
    hint: "Copy or download the encoder again.",
  });
}

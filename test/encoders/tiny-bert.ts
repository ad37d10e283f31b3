import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { normalAt, randomKey } from "../../src/core/random.js";
import { bertModel, type BertWeights } from "./bert-graph.js";

export const TINY_WIDTH = 8;
/** Words that the tiny tokenizer has as whole tokens. Others are split into letters. */
const WORDS = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "good",
  "bad",
  "film",
  "the",
  "was",
  "un",
  "##believ",
  "##ably",
  ",",
  "!",
];
const LETTERS = Array.from("abcdefghijklmnopqrstuvwxyz").flatMap((letter) => [letter, `##${letter}`]);
const VOCABULARY = [...WORDS, ...LETTERS];
const POSITIONS = 64;

/** tokenizer.json of BERT's kind. */
export const tinyTokenizer = {
  version: "1.0",
  added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
  },
};

export interface TinyBert {
  /** Seed of the weights. */
  readonly seed?: number;
  readonly length?: number;
  /** True to also output the states after each layer. */
  readonly hidden?: boolean;
  /** Value of every weight, instead of random ones. */
  readonly weight?: number;
  readonly file?: string;
}

/** Makes a BERT of one layer with random weights. */
export function tinyBertModel({ seed = 1, length, weight, hidden = false }: TinyBert = {}): Uint8Array {
  const weights: BertWeights = (name) => {
    const dims = dimsOf(name);
    const key = randomKey(seed, name);
    const size = dims.reduce((product, extent) => product * extent, 1);
    return { dims, values: Float32Array.from({ length: size }, (_, i) => weight ?? 0.5 * normalAt(key, i)) };
  };
  return bertModel(
    { layers: 1, heads: 2, width: TINY_WIDTH, hidden, ...(length !== undefined && { length }) },
    weights,
  );
}

function dimsOf(name: string): number[] {
  if (name.includes("word_embeddings")) return [VOCABULARY.length, TINY_WIDTH];
  if (name.includes("position_embeddings")) return [POSITIONS, TINY_WIDTH];
  if (name.includes("token_type_embeddings")) return [2, TINY_WIDTH];
  const inner = 2 * TINY_WIDTH;
  if (name.includes("intermediate")) return name.endsWith("bias") ? [inner] : [inner, TINY_WIDTH];
  if (name.endsWith(".weight") && !name.includes("LayerNorm"))
    return [TINY_WIDTH, /\d\.output\.dense/.test(name) ? inner : TINY_WIDTH];
  return [TINY_WIDTH];
}

/** Writes a model folder in the layout of exporters. */
export function writeTinyBert(folder: string, options: TinyBert = {}): void {
  const file = join(folder, options.file ?? "onnx/model.onnx");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, tinyBertModel(options));
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tinyTokenizer));
  writeFileSync(
    join(folder, "tokenizer_config.json"),
    JSON.stringify({
      tokenizer_class: "BertTokenizer",
      model_max_length: 32,
      pad_token: "[PAD]",
      unk_token: "[UNK]",
      cls_token: "[CLS]",
      sep_token: "[SEP]",
    }),
  );
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ model_type: "bert", max_position_embeddings: POSITIONS }),
  );
}

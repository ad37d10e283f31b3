import { fileURLToPath } from "node:url";
import { integerAt, normalAt, randomKey } from "../../core/random.js";
import type { Dataset, Split, SplitName } from "../../data/dataset.js";
import { encoderFolder } from "../../encoders/encoder-folder.js";
import { type OpenedEncoder, openEncoder } from "../../encoders/open-encoder.js";
import { textEncoderOptions, type TextEncoderOptions } from "../../encoders/text-encoder-config.js";
import { nodeEnvironment } from "../../features/node-environment.js";
import { createTokensExtractor } from "../../features/text/tokens-text.js";
import { tokeniseDataset } from "../../features/text/tokenise-dataset.js";

/** Small BERT of scripts/fixtures/encoders.py, with its tokenizer. */
export const smallBert = fileURLToPath(new URL("../../../test/fixtures/encoders/bert", import.meta.url));

const PHRASES: readonly (readonly [text: string, label: number])[] = [
  ["the film was good", 2],
  ["a good film", 1.5],
  ["GOOD", 1],
  ["not bad", 0.5],
  ["the films", 0],
  ["not good", -0.5],
  ["bad", -1],
  ["a bad film", -1.5],
  ["the film was bad bad", -2],
];

function splitOf(name: SplitName, size: number): Split {
  const key = randomKey(3, name);
  const chosen = Array.from({ length: size }, (_, i): readonly [string, number] => {
    return PHRASES[integerAt(key, i, PHRASES.length)] ?? ["", 0];
  });
  return {
    name,
    size,
    ids: chosen.map((_, i) => `${name}-${i}`),
    texts: chosen.map(([text], i) => (i === 5 ? "" : text)),
    labels: Float32Array.from(chosen, ([, label]) => label),
    modalities: {
      audio: {
        width: 3,
        steps: 1,
        values: Float32Array.from({ length: 3 * size }, (_, i) => normalAt(key, 1000 + i)),
        mask: new Uint8Array(size).fill(1),
        present: new Uint8Array(size).fill(1),
      },
    },
  };
}

/** Phrases for the small BERT with their sentiment. One sample of each split has no text. */
export function phrases(): Dataset {
  return {
    name: "phrases",
    task: { kind: "regression", targets: ["sentiment"] },
    modalities: [{ name: "audio", width: 3, steps: 1 }],
    splits: { train: splitOf("train", 48), valid: splitOf("valid", 16), test: splitOf("test", 16) },
    notes: [],
  };
}

/** Tokenised phrases. */
export async function tokenised(maxTokens = 12): Promise<Dataset> {
  return tokeniseDataset(
    phrases(),
    await createTokensExtractor({ folder: smallBert, maxTokens }, nodeEnvironment),
  );
}

export function smallEncoder(options: Partial<TextEncoderOptions> = {}): OpenedEncoder {
  return openEncoder(encoderFolder(smallBert), textEncoderOptions(smallBert, options));
}

/** The phrases with token ids that every fixture's vocabulary has. */
export async function smallTokens(): Promise<Dataset> {
  const dataset = await tokenised();
  const shrink = (split: Split): Split => {
    const { text } = split.modalities;
    if (!text) return split;
    return {
      ...split,
      modalities: { ...split.modalities, text: { ...text, values: text.values.map((id) => id % 12) } },
    };
  };
  const { train: first, valid, test } = dataset.splits;
  return { ...dataset, splits: { train: shrink(first), valid: shrink(valid), test: shrink(test) } };
}

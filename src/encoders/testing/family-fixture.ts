import { fileURLToPath } from "node:url";
import { ParameterSet } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { EncoderCheckpoint } from "../encoder-checkpoint.js";
import { encoderFolder } from "../encoder-folder.js";
import { EncoderStack, type StackOptions } from "../encoder-stack.js";
import { openFileSource } from "../../data/formats/file-source.js";
import { floatsOf, isFloat, safetensorsIndex, tensorBytes } from "../safetensors-index.js";
import { EncoderWeights } from "../weight-store.js";

/** Texts of scripts/fixtures/encoders.py. */
export const fixtureTexts = [
  [2, 5, 7, 9, 3],
  [2, 11, 3],
  [2, 6, 5, 10, 8, 7, 3],
];

export const fixtureFamilies = [
  "bert",
  "roberta",
  "xlm-roberta",
  "roberta-prelayernorm",
  "electra",
  "distilbert",
  "mpnet",
] as const;

export type FixtureFamily = (typeof fixtureFamilies)[number];

export function fixtureFolder(family: FixtureFamily): string {
  return fileURLToPath(new URL(`../../../test/fixtures/encoders/${family}`, import.meta.url));
}

/** Returns the outputs of transformers with a family's weights, by name. */
export function expectedOf(family: FixtureFamily): ReadonlyMap<string, Float32Array> {
  const source = openFileSource(`${fixtureFolder(family)}/expected.safetensors`);
  try {
    const places = [...safetensorsIndex(source)];
    return new Map(
      places.flatMap(([name, place]) =>
        isFloat(place.dtype) ? [[name, floatsOf(tensorBytes(place), place.dtype)]] : [],
      ),
    );
  } finally {
    source.close();
  }
}

export const wholeStack: StackOptions = {
  layers: 2,
  trained: 2,
  rate: 1,
  layerDecay: 1,
  dropout: 0,
  attentionDropout: 0,
};

/** Opens a family's small encoder with its weights. */
export function fixtureEncoder(
  family: FixtureFamily,
  backend: Backend,
  options: StackOptions = wholeStack,
): {
  readonly stack: EncoderStack;
  readonly parameters: ParameterSet;
  readonly checkpoint: EncoderCheckpoint;
} {
  const checkpoint = EncoderCheckpoint.open(encoderFolder(fixtureFolder(family)));
  const parameters = new ParameterSet(backend, 1);
  const stack = new EncoderStack(new EncoderWeights(parameters, "text/encoder"), checkpoint.shape, options);
  checkpoint.fill(stack.weights);
  return { stack, parameters, checkpoint };
}

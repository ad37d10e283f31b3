import { BackendError } from "../core/errors.js";
import type { Backend } from "../tensor/backend.js";
import type { EncoderShape } from "./encoder-config.js";
import type { LoraTarget } from "./lora.js";
import type { TextEncoderOptions } from "./text-encoder-config.js";

/**
 * WebAssembly addresses 4 GiB. This part of it is available for weights; the rest holds the values of a step.
 */
const WASM_BYTES = 2 ** 32 - 2 ** 28;
/** Memory for the values of one step and everything else. */
const STEP_BYTES = 2 ** 28;

interface NodeProcess {
  readonly availableMemory?: () => number;
}

/** Options that determine the memory of training. */
export type MemoryOptions = Pick<
  TextEncoderOptions,
  "textLayers" | "textTrain" | "textLora" | "textLoraTargets"
>;

/** Counts the values of the encoder's arrays. */
function countOf(shape: EncoderShape, layers: number): { embeddings: number; layer: number; whole: number } {
  const { vocabulary, positions, segments, embeddingWidth, hidden, inner } = shape;
  const embeddings =
    (vocabulary + positions + segments + 2) * embeddingWidth +
    (embeddingWidth === hidden ? 0 : (embeddingWidth + 1) * hidden);
  const layer = 4 * (hidden + 1) * hidden + (hidden + 1) * inner + (inner + 1) * hidden + 4 * hidden;
  return { embeddings, layer, whole: embeddings + layers * layer };
}

/** Counts the values of the adapters of one layer. */
function adaptersOf({ hidden, inner }: EncoderShape, rank: number, targets: readonly LoraTarget[]): number {
  const widths = targets.map(
    (target) => hidden + (target === "inner" || target === "outer" ? inner : hidden),
  );
  return rank * widths.reduce((sum, width) => sum + width, 0);
}

/**
 * Returns the peak memory of training an encoder, in bytes: the weights, two moments of the trained ones, and
 * copies of both for restoring a good epoch.
 */
export function memoryOf(
  shape: EncoderShape,
  {
    textLayers: layers = shape.layers,
    textTrain: trained = layers,
    textLora,
    textLoraTargets,
  }: MemoryOptions,
): { readonly backend: number; readonly total: number } {
  const { embeddings, layer, whole } = countOf(shape, layers);
  const adapters = textLora === undefined ? 0 : trained * adaptersOf(shape, textLora, textLoraTargets);
  const own = trained * layer + (trained >= layers ? embeddings : 0);
  const trains = textLora === undefined ? own : adapters;
  const backend = 4 * (whole + adapters + 2 * trains) + STEP_BYTES;
  return { backend, total: backend + 4 * 4 * trains };
}

/**
 * Checks that the memory is sufficient to train an encoder, before anything is allocated.
 * @param available free memory in bytes; default: as reported by Node
 * @throws BackendError "backend.out-of-memory", with options that would fit
 */
export function requireMemory(
  shape: EncoderShape,
  options: MemoryOptions,
  { name }: Pick<Backend, "name">,
  available = (globalThis as { readonly process?: NodeProcess }).process?.availableMemory?.() ?? Infinity,
): void {
  const fits = (change: Partial<typeof options>): boolean => {
    const { backend, total } = memoryOf(shape, { ...options, ...change });
    return total <= available && (name !== "wasm" || backend <= WASM_BYTES);
  };
  if (fits({})) return;
  const layers = options.textLayers ?? shape.layers;
  const trained = Math.min(options.textTrain ?? layers, layers);
  const fewer = Array.from({ length: trained }, (_, i) => trained - 1 - i).find((n) =>
    fits({ textTrain: n }),
  );
  const shorter = Array.from({ length: layers - 1 }, (_, i) => layers - 1 - i).find((n) =>
    fits({ textLayers: n, textTrain: 0 }),
  );
  const remedy =
    fewer !== undefined
      ? `--text-train ${fewer} would fit${fits({ textLora: 8 }) ? ", and so would --text-lora 8" : ""}.`
      : shorter !== undefined
        ? `Its first ${shorter} layers would fit, frozen: --text-layers ${shorter} --text-train 0.`
        : "Use a smaller encoder.";
  const { backend, total } = memoryOf(shape, options);
  const beyondWasm = name === "wasm" && backend > WASM_BYTES;
  const needed = beyondWasm ? backend : total;
  const there = beyondWasm ? WASM_BYTES : available;
  throw new BackendError(
    "backend.out-of-memory",
    `the text encoder needs about ${gibibytes(needed)} GiB for this training, more than the ` +
      `available ${gibibytes(there)} GiB${beyondWasm ? " of WebAssembly" : ""}`,
    { hint: remedy },
  );
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

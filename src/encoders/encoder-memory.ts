import { BackendError } from "../core/errors.js";
import type { Backend } from "../tensor/backend.js";
import type { EncoderShape } from "./encoder-config.js";
import type { LoraTarget } from "./lora.js";
import type { TextEncoderOptions } from "./text-encoder-config.js";

/** WebAssembly addresses 4 GiB; a part of them is for the values of a step. */
const WASM_BYTES = 2 ** 32 - 2 ** 28;
/** Values of one step, and what is there besides. */
const STEP_BYTES = 2 ** 28;

interface NodeProcess {
  readonly availableMemory?: () => number;
}

/** What the memory of training depends on. */
export type MemoryOptions = Pick<
  TextEncoderOptions,
  "textLayers" | "textTrain" | "textLora" | "textLoraTargets"
>;

/** Arrays of the encoder, counted in values. */
function countOf(shape: EncoderShape, layers: number): { embeddings: number; layer: number; whole: number } {
  const { vocabulary, positions, segments, embeddingWidth, hidden, inner } = shape;
  const embeddings =
    (vocabulary + positions + segments + 2) * embeddingWidth +
    (embeddingWidth === hidden ? 0 : (embeddingWidth + 1) * hidden);
  const layer = 4 * (hidden + 1) * hidden + (hidden + 1) * inner + (inner + 1) * hidden + 4 * hidden;
  return { embeddings, layer, whole: embeddings + layers * layer };
}

/** Values of the adapters of one layer. */
function adaptersOf({ hidden, inner }: EncoderShape, rank: number, targets: readonly LoraTarget[]): number {
  const widths = targets.map(
    (target) => hidden + (target === "inner" || target === "outer" ? inner : hidden),
  );
  return rank * widths.reduce((sum, width) => sum + width, 0);
}

/**
 * Bytes that training an encoder needs at its peak: the weights, two moments of what trains, and copies of
 * both for going back to a good epoch.
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
 * Makes sure that an encoder can be held and trained here, before anything is allocated.
 * @param available bytes that the machine has left; default what Node says
 * @throws BackendError "backend.out-of-memory" with what would fit
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
    `the text encoder needs about ${gibibytes(needed)} GiB to train like this, more than the ${gibibytes(there)} ` +
      `GiB that are there${beyondWasm ? " for WebAssembly" : ""}`,
    { hint: remedy },
  );
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

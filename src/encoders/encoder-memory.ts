import { BackendError } from "../core/errors.js";
import type { Backend } from "../tensor/backend.js";
import type { EncoderShape } from "./encoder-config.js";
import type { TextEncoderOptions } from "./text-encoder-config.js";

/** WebAssembly addresses 4 GiB; a part of them is for the values of a step. */
const WASM_BYTES = 2 ** 32 - 2 ** 28;
/** Values of one step, and what is there besides. */
const STEP_BYTES = 2 ** 28;

interface NodeProcess {
  readonly availableMemory?: () => number;
}

/** Arrays of the encoder, counted in values. */
function countOf(shape: EncoderShape, layers: number): { embeddings: number; layer: number; whole: number } {
  const { vocabulary, positions, segments, embeddingWidth, hidden, inner } = shape;
  const embeddings =
    (vocabulary + positions + segments + 2) * embeddingWidth +
    (embeddingWidth === hidden ? 0 : (embeddingWidth + 1) * hidden);
  const layer = 4 * (hidden + 1) * hidden + (hidden + 1) * inner + (inner + 1) * hidden + 4 * hidden;
  return { embeddings, layer, whole: embeddings + layers * layer };
}

/**
 * Bytes that training an encoder needs at its peak: the weights, two moments of what trains, and copies of
 * both for going back to a good epoch.
 */
export function memoryOf(
  shape: EncoderShape,
  options: Pick<TextEncoderOptions, "textLayers" | "textTrain" | "textLora">,
): { readonly backend: number; readonly total: number } {
  const layers = options.textLayers ?? shape.layers;
  const trained = options.textTrain ?? layers;
  const { embeddings, layer, whole } = countOf(shape, layers);
  const trains =
    options.textLora === undefined
      ? trained * layer + (trained >= layers ? embeddings : 0)
      : trained * 2 * options.textLora * (10 * shape.hidden + 2 * shape.inner);
  const backend = 4 * (whole + 2 * trains) + STEP_BYTES;
  return { backend, total: backend + 4 * 4 * trains };
}

/**
 * Makes sure that an encoder can be held and trained here, before anything is allocated.
 * @param available bytes that the machine has left; default what Node says
 * @throws BackendError "backend.out-of-memory" with what would fit
 */
export function requireMemory(
  shape: EncoderShape,
  options: Pick<TextEncoderOptions, "textLayers" | "textTrain" | "textLora">,
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
  const { total } = memoryOf(shape, options);
  throw new BackendError(
    "backend.out-of-memory",
    `the text encoder needs about ${gibibytes(total)} GiB to train like this, more than the ${gibibytes(
      Math.min(available, name === "wasm" ? 2 * WASM_BYTES : Infinity),
    )} GiB that are there`,
    { hint: remedy },
  );
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

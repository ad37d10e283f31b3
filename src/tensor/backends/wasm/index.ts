import type { Backend } from "../../backend.js";
import { elementwise } from "./elementwise.js";
import { experts } from "./experts.js";
import { Heap } from "./heap.js";
import { type Kernels, loadKernels, loadKernelsSync } from "./kernels.js";
import { layout } from "./layout.js";
import { matrices } from "./matrices.js";
import { optimiser } from "./optimiser.js";
import { reductions } from "./reductions.js";
import { sequences } from "./sequences.js";

/** A backend of kernels on a heap. */
export function assembleBackend(
  name: "wasm" | "native",
  engine: string,
  heap: Heap,
  kernels: Kernels,
): Backend {
  heap.reserve(kernels.heapBase());
  return {
    name,
    engine,
    precision: "float32",
    persistent: (size) => heap.persistent(size),
    scratch: (size) => heap.scratch(size),
    scratchInts: (size) => heap.scratchInts(size),
    endStep: () => {
      heap.endStep();
    },
    memory: () => heap.usage(),
    ...elementwise(kernels, heap),
    ...layout(kernels),
    ...reductions(kernels, heap),
    ...matrices(kernels, heap),
    ...experts(kernels, heap),
    ...optimiser(kernels, heap),
    ...sequences(kernels, heap),
  };
}

export interface WasmOptions {
  /** Limit of the memory in pages of 64 KiB. Default 65536 (4 GiB). */
  readonly maximumPages?: number;
}

/**
 * The fast backend: AssemblyScript SIMD kernels (kernels/), float32, one thread. The same operations in the
 * same order on every machine, hence the same bits.
 * @throws BackendError `backend.unavailable` where the engine has no WebAssembly SIMD,
 * `backend.out-of-memory`
 * @example const backend = await createWasmBackend();
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<Backend> {
  const heap = new Heap(options.maximumPages);
  return assembleBackend("wasm", "wasm", heap, await loadKernels(heap));
}

/**
 * The same without a promise. Browsers refuse to compile on their main thread this way: use it in Node and in
 * workers.
 */
export function createWasmBackendSync(options: WasmOptions = {}): Backend {
  const heap = new Heap(options.maximumPages);
  return assembleBackend("wasm", "wasm", heap, loadKernelsSync(heap));
}

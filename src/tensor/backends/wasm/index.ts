import type { Backend } from "../../backend.js";
import type { RawKernels } from "../../kernels/raw.js";
import { wasm } from "../../kernels/wasm.js";
import { Heap } from "./heap.js";
import { loadKernels, loadKernelsSync } from "./kernels.js";

/** Assembles a backend from kernels and a heap. */
export function assembleBackend(
  name: "wasm" | "native",
  engine: string,
  heap: Heap,
  kernels: RawKernels,
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
    ...wasm({ kernels, heap }),
  };
}

/** Options of {@link createWasmBackend}. */
export interface WasmOptions {
  /** Limit of the memory in pages of 64 KiB. Default 65536 (4 GiB). */
  readonly maximumPages?: number;
}

/**
 * Creates the wasm backend: AssemblyScript SIMD kernels (kernels/), float32, one thread.
 *
 * Every machine runs the same operations in the same order, so the bits are the same everywhere.
 * @throws BackendError `backend.unavailable` if the engine has no WebAssembly SIMD
 * @throws BackendError `backend.out-of-memory`
 * @example const backend = await createWasmBackend();
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<Backend> {
  const heap = new Heap(options.maximumPages);
  return assembleBackend("wasm", "wasm", heap, await loadKernels(heap));
}

/**
 * Creates the wasm backend synchronously. Browsers refuse this on their main thread: use it in Node and in
 * workers.
 */
export function createWasmBackendSync(options: WasmOptions = {}): Backend {
  const heap = new Heap(options.maximumPages);
  return assembleBackend("wasm", "wasm", heap, loadKernelsSync(heap));
}

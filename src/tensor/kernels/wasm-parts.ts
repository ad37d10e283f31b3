import type { Heap } from "../backends/wasm/heap.js";
import type { RawKernels } from "./raw.js";

/** Kernels and the memory that they work on. */
export interface WasmParts {
  readonly kernels: RawKernels;
  readonly heap: Heap;
}

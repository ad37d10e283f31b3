import type { RandomKey } from "../core/random.js";
import type { FloatBuffer, IntBuffer } from "./buffers.js";
import type { KernelContract } from "./kernels/contract.js";

export type { FloatArray, FloatBuffer, IntBuffer } from "./buffers.js";
export type { BinaryOp, UnaryOp } from "./kernels/elementwise/contract.js";
export type { Dispatch } from "./kernels/experts/contract.js";
export type { GemmShape } from "./kernels/matrices/contract.js";
export type { AdamSettings, AdamState } from "./kernels/optimiser/contract.js";
export type { AxisView, Reduction } from "./kernels/reductions/contract.js";

/**
 * Contract between the tape and a compute backend.
 *
 * There are three implementations:
 * - `reference`: plain loops, float64 by default; it defines the results.
 * - `wasm`: AssemblyScript SIMD, float32; runs everywhere.
 * - `native`: Rust, float32, several threads; optional, the same bits as `wasm`.
 *
 * The kernels have one folder per family in `kernels/`, with the contract, the three implementations and the
 * tests.
 *
 * Every kernel writes into a buffer that the caller allocated, and allocates none itself. All matrices are
 * row-major and contiguous. The result of a row never depends on other rows of the batch. Sums have a fixed
 * order.
 */
export interface Backend extends KernelContract {
  readonly name: "reference" | "wasm" | "native";
  /** Description of the backend for people, with instruction set and threads. */
  readonly engine: string;
  readonly precision: "float32" | "float64";
  /** Zero-filled floats that live as long as the backend (parameters, optimiser state). */
  persistent(size: number): FloatBuffer;
  /** Floats that live until `endStep`; contents undefined. */
  scratch(size: number): FloatBuffer;
  /** Integers that live until `endStep`; contents undefined. */
  scratchInts(size: number): IntBuffer;
  /** Frees all scratch buffers at once. */
  endStep(): void;
  /** Bytes held for persistent and for scratch buffers (capacity, not current use). */
  memory(): { readonly persistentBytes: number; readonly scratchBytes: number };
}

/** Writes one random key per row, in the layout of `dropout`, `normals` and `gaussianMixture`. */
export function writeKeys(keys: readonly RandomKey[], out: IntBuffer): void {
  const view = out.view;
  keys.forEach((key, i) => {
    view[2 * i] = key.k0;
    view[2 * i + 1] = key.k1;
  });
}

// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import type { KernelContract } from "./contract.js";
import { wasm as elementwise } from "./elementwise/wasm.js";
import { wasm as experts } from "./experts/wasm.js";
import { wasm as layout } from "./layout/wasm.js";
import { wasm as matrices } from "./matrices/wasm.js";
import { wasm as optimiser } from "./optimiser/wasm.js";
import { wasm as reductions } from "./reductions/wasm.js";
import { wasm as sequences } from "./sequences/wasm.js";
import type { WasmParts } from "./wasm-parts.js";

/** All kernels on the memory of the WebAssembly backend. */
export function wasm(parts: WasmParts): KernelContract {
  return {
    ...elementwise(parts),
    ...experts(parts),
    ...layout(parts),
    ...matrices(parts),
    ...optimiser(parts),
    ...reductions(parts),
    ...sequences(parts),
  };
}

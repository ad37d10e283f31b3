import type { Backend } from "../../tensor/backend.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { createWasmBackendSync } from "../../tensor/backends/wasm/index.js";

export interface ModelBackend {
  readonly name: string;
  readonly create: () => Backend;
}

/** The backends that models are tested on. */
export const modelBackends: readonly ModelBackend[] = [
  { name: "reference", create: () => createReferenceBackend({ poison: true }) },
  { name: "wasm", create: () => createWasmBackendSync() },
];

import type { Backend } from "../../tensor/backend.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { createWasmBackendSync } from "../../tensor/backends/wasm/index.js";

export interface ModelBackend {
  readonly name: string;
  readonly create: () => Backend;
}

/** Backends for tests of models. */
export const modelBackends: readonly ModelBackend[] = [
  { name: "reference", create: () => createReferenceBackend({ poison: true }) },
  { name: "wasm", create: () => createWasmBackendSync() },
];

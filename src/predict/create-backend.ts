import type { Backend } from "../tensor/backend.js";

export type BackendName = "wasm" | "reference";

/**
 * A fresh backend: the fast one, or the plain float64 one that defines the results. Each is loaded only when
 * asked for.
 */
export async function createBackend(name: BackendName): Promise<Backend> {
  if (name === "reference")
    return (await import("../tensor/backends/reference/index.js")).createReferenceBackend();
  return (await import("../tensor/backends/wasm/index.js")).createWasmBackend();
}

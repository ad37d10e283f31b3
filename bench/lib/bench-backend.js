import { setFlagsFromString } from "node:v8";
import { createBackend } from "euar/tensor";

/**
 * Creates a backend. Relaxed SIMD, which fast arithmetic on WebAssembly needs, is behind a flag in Node 20.
 */
export function benchBackend(name, options) {
  if (options.arithmetic === "fast") setFlagsFromString("--experimental-wasm-relaxed-simd");
  return createBackend(name, options);
}

import type * as Onnx from "onnxruntime-web/wasm";
import { assetVersion } from "../asset-version.js";
import { programAddress, type ReadAsset } from "../asset.js";
import { optionalPackage } from "../missing-package.js";

export const ONNX_PACKAGE = "onnxruntime-web";

/** WebAssembly build of onnxruntime, ready to run. It computes the same in Node and browsers. */
export type OnnxRuntime = typeof Onnx;

/**
 * Loads onnxruntime with one thread. The order of sums then never depends on the machine, and no threads keep
 * the process alive.
 * @param purpose task that needs it, for the error if it is not installed
 * @throws MediaError "media.missing-package"
 */
export async function loadOnnxRuntime(readAsset: ReadAsset, purpose: string): Promise<OnnxRuntime> {
  const runtime = await optionalPackage(ONNX_PACKAGE, purpose, () => import("onnxruntime-web/wasm"));
  runtime.env.wasm.numThreads = 1;
  // The package looks for its loader script next to itself. A bundled page does not have the script there.
  if ("location" in globalThis)
    runtime.env.wasm.wasmPaths ??= {
      mjs: await programAddress(readAsset, ONNX_PACKAGE, "dist/ort-wasm-simd-threaded.mjs"),
    };
  runtime.env.wasm.wasmBinary ??= await readAsset(ONNX_PACKAGE, "dist/ort-wasm-simd-threaded.wasm");
  return runtime;
}

/** Returns the version of onnxruntime, which is part of the identity of features. */
export function onnxVersion(readAsset: ReadAsset): Promise<string> {
  return assetVersion(readAsset, ONNX_PACKAGE);
}

import type * as Onnx from "onnxruntime-web/wasm";
import { assetVersion } from "../asset-version.js";
import { programAddress, type ReadAsset } from "../asset.js";
import { optionalPackage } from "../missing-package.js";

export const ONNX_PACKAGE = "onnxruntime-web";

/** onnxruntime's WebAssembly build, ready to run: in Node and in browsers the same arithmetic. */
export type OnnxRuntime = typeof Onnx;

/**
 * Loads onnxruntime. One thread: the order of sums then never depends on the machine, and no threads keep the
 * process alive.
 * @param purpose what needs it, for the message where it is not installed
 * @throws MediaError "media.missing-package"
 */
export async function loadOnnxRuntime(readAsset: ReadAsset, purpose: string): Promise<OnnxRuntime> {
  const runtime = await optionalPackage(ONNX_PACKAGE, purpose, () => import("onnxruntime-web/wasm"));
  runtime.env.wasm.numThreads = 1;
  // What starts it is a script beside it; the package looks for that beside itself, where a bundled page does
  // not have it.
  if ("location" in globalThis)
    runtime.env.wasm.wasmPaths ??= {
      mjs: await programAddress(readAsset, ONNX_PACKAGE, "dist/ort-wasm-simd-threaded.mjs"),
    };
  runtime.env.wasm.wasmBinary ??= await readAsset(ONNX_PACKAGE, "dist/ort-wasm-simd-threaded.wasm");
  return runtime;
}

/** Its version, for the identity of what is made with it. */
export function onnxVersion(readAsset: ReadAsset): Promise<string> {
  return assetVersion(readAsset, ONNX_PACKAGE);
}

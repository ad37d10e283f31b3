import type * as wasmBackend from "@tensorflow/tfjs-backend-wasm";
import type * as converterPackage from "@tensorflow/tfjs-converter";
import type * as tfjs from "@tensorflow/tfjs-core";
import { BackendError } from "../../core/errors.js";
import { programAddress, type ReadAsset } from "../asset.js";
import { optionalPackage } from "../missing-package.js";

/** TensorFlow.js on its WebAssembly backend, ready to run. There is one per process, like its engine. */
export interface TfjsRuntime {
  readonly tf: typeof tfjs;
  loadGraphModel(artifacts: tfjs.io.ModelArtifacts): Promise<converterPackage.GraphModel>;
  /** Versions of the packages whose arithmetic affects values. */
  readonly packages: Readonly<Record<string, string>>;
}

const WASM_PACKAGE = "@tensorflow/tfjs-backend-wasm";

let runtime: Promise<TfjsRuntime> | undefined;

/**
 * Loads TensorFlow.js once, with one thread, so that the order of sums never depends on the machine. In Node
 * the backend finds its own WebAssembly file; in a browser `readAsset` reads it.
 * @throws MediaError "media.missing-package"
 * @throws BackendError "backend.unavailable" if WebAssembly cannot start
 */
export function loadTfjs(readAsset: ReadAsset): Promise<TfjsRuntime> {
  runtime ??= start(readAsset).catch((error: unknown) => {
    runtime = undefined; // a later call may succeed
    throw error;
  });
  return runtime;
}

async function start(readAsset: ReadAsset): Promise<TfjsRuntime> {
  const purpose = "running a TensorFlow.js model";
  const tf = await optionalPackage("@tensorflow/tfjs-core", purpose, () => import("@tensorflow/tfjs-core"));
  const converter: typeof converterPackage = await optionalPackage(
    "@tensorflow/tfjs-converter",
    purpose,
    () => import("@tensorflow/tfjs-converter"),
  );
  const wasm = await optionalPackage(WASM_PACKAGE, purpose, () => import("@tensorflow/tfjs-backend-wasm"));
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!tf.env().getBool("IS_NODE")) await serveWasm(tf, wasm, readAsset);
  if (!(await tf.setBackend("wasm"))) {
    throw new BackendError("backend.unavailable", "the WebAssembly backend of TensorFlow.js did not start", {
      hint: "Allow WebAssembly: check the content security policy and the flags of the program.",
    });
  }
  return {
    tf,
    loadGraphModel: (artifacts) => converter.loadGraphModel(tf.io.fromMemory(artifacts)),
    packages: { "@tensorflow/tfjs-core": tf.version_core, [WASM_PACKAGE]: wasm.version_wasm },
  };
}

/** Sets the address of the WebAssembly file, which a page may serve anywhere. */
async function serveWasm(tf: typeof tfjs, wasm: typeof wasmBackend, readAsset: ReadAsset): Promise<void> {
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  const address = await programAddress(
    readAsset,
    WASM_PACKAGE,
    `dist/${simd === true ? "tfjs-backend-wasm-simd.wasm" : "tfjs-backend-wasm.wasm"}`,
  );
  // The package requires an address for each of its builds, and uses the one selected above.
  wasm.setWasmPaths({
    "tfjs-backend-wasm.wasm": address,
    "tfjs-backend-wasm-simd.wasm": address,
    "tfjs-backend-wasm-threaded-simd.wasm": address,
  });
}

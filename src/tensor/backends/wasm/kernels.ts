import { BackendError } from "../../../core/errors.js";
import { bytesOfBase64 } from "./base64.js";
import type { RawKernels } from "../../kernels/raw.js";
import type { Heap } from "./heap.js";
import { kernelModuleBase64 } from "./kernels.generated.js";
import { type WasmImports, type WasmModule, webAssembly } from "./webassembly.js";

/** Compiled module, shared by all backends of the process. Each backend has its own instance and memory. */
let compiled: WasmModule | undefined;

function imports(heap: Heap): WasmImports {
  return {
    env: {
      memory: heap.memory,
      abort: () => {
        throw new BackendError("backend.unavailable", "a kernel failed an internal check");
      },
    },
  };
}

function unavailable(cause: unknown): BackendError {
  return new BackendError(
    "backend.unavailable",
    "this JavaScript engine cannot run the WebAssembly kernels, which need 128-bit SIMD",
    {
      cause,
      hint: "Use the reference backend, Node 20.19 or later, or a current browser.",
    },
  );
}

export async function loadKernels(heap: Heap): Promise<RawKernels> {
  const host = webAssembly();
  try {
    compiled ??= await host.compile(bytesOfBase64(kernelModuleBase64));
    const { exports } = await host.instantiate(compiled, imports(heap));
    return exports as RawKernels;
  } catch (cause) {
    throw unavailable(cause);
  }
}

export function loadKernelsSync(heap: Heap): RawKernels {
  const { Module, Instance } = webAssembly();
  try {
    compiled ??= new Module(bytesOfBase64(kernelModuleBase64));
    return new Instance(compiled, imports(heap)).exports as RawKernels;
  } catch (cause) {
    throw unavailable(cause);
  }
}

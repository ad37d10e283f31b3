import { BackendError } from "../../../core/errors.js";
import { decodeBase64 } from "./base64.js";
import type { Heap } from "./heap.js";
import { kernelModuleBase64 } from "./kernels.generated.js";
import { type WasmImports, type WasmModule, webAssembly } from "./webassembly.js";

/**
 * Block size: rows of b in a product, and rows of a weight gradient computed at a time. Must equal the number
 * in kernels/.
 */
export const DEPTH = 64;
export const BLOCK = 16;

type Kernel = (...values: number[]) => void;

/**
 * Exports of kernels/index.ts. Arguments and results are numbers: addresses in bytes, sizes in elements,
 * flags as 0 and 1.
 */
export type Kernels = Readonly<Record<KernelName, Kernel>> &
  Readonly<
    Record<
      "dispatch" | "squaredNorm" | "groupedSquaredNorm" | "heapBase" | "gatherRows" | "scatterAddRows",
      (...values: number[]) => number
    >
  >;

type KernelName =
  | "fill"
  | "copyRange"
  | "addRange"
  | "unary"
  | "unaryBackward"
  | "binary"
  | "affine"
  | "addScaled"
  | "clamp"
  | "clampBackward"
  | "broadcast2"
  | "permute4"
  | "reduceSum"
  | "reduceSumBackward"
  | "reduceMax"
  | "reduceMaxBackward"
  | "columnSums"
  | "rowSums"
  | "softmax"
  | "softmaxBackward"
  | "logSumExp"
  | "layerNorm"
  | "layerNormBackward"
  | "gemm"
  | "batchedGemm"
  | "linear"
  | "topK"
  | "groupedLinear"
  | "groupedLinearBackwardInput"
  | "groupedWeightGradient"
  | "groupedBiasGradient"
  | "gaussianMixture"
  | "gaussianMixtureBackward"
  | "normals"
  | "words"
  | "dropout"
  | "adamSettings"
  | "adam"
  | "adamGrouped"
  | "adamRows"
  | "addLayerNorm"
  | "activationBackward"
  | "attentionCall"
  | "packedAttention"
  | "packedAttentionBackward";

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

export async function loadKernels(heap: Heap): Promise<Kernels> {
  const host = webAssembly();
  try {
    compiled ??= await host.compile(decodeBase64(kernelModuleBase64));
    const { exports } = await host.instantiate(compiled, imports(heap));
    return exports as Kernels;
  } catch (cause) {
    throw unavailable(cause);
  }
}

export function loadKernelsSync(heap: Heap): Kernels {
  const { Module, Instance } = webAssembly();
  try {
    compiled ??= new Module(decodeBase64(kernelModuleBase64));
    return new Instance(compiled, imports(heap)).exports as Kernels;
  } catch (cause) {
    throw unavailable(cause);
  }
}

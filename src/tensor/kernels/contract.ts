// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import type { ElementwiseKernels } from "./elementwise/contract.js";
import type { ExpertsKernels } from "./experts/contract.js";
import type { LayoutKernels } from "./layout/contract.js";
import type { MatricesKernels } from "./matrices/contract.js";
import type { OptimiserKernels } from "./optimiser/contract.js";
import type { ReductionsKernels } from "./reductions/contract.js";
import type { SequencesKernels } from "./sequences/contract.js";

/** Kernels of all families. */
export interface KernelContract
  extends
    ElementwiseKernels,
    ExpertsKernels,
    LayoutKernels,
    MatricesKernels,
    OptimiserKernels,
    ReductionsKernels,
    SequencesKernels {}

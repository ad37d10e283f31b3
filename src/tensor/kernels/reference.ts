// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import type { KernelContract } from "./contract.js";
import { reference as elementwise } from "./elementwise/reference.js";
import { reference as experts } from "./experts/reference.js";
import { reference as layout } from "./layout/reference.js";
import { reference as matrices } from "./matrices/reference.js";
import { reference as optimiser } from "./optimiser/reference.js";
import { reference as reductions } from "./reductions/reference.js";
import { reference as sequences } from "./sequences/reference.js";

/** Definition of all kernels in plain loops. */
export const reference: KernelContract = {
  ...elementwise,
  ...experts,
  ...layout,
  ...matrices,
  ...optimiser,
  ...reductions,
  ...sequences,
};

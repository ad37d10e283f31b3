// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import type { KernelCase } from "../../testing/kernel-case.js";
import { cases as elementwise } from "../elementwise/testing/cases.js";
import { cases as experts } from "../experts/testing/cases.js";
import { cases as layout } from "../layout/testing/cases.js";
import { cases as matrices } from "../matrices/testing/cases.js";
import { cases as optimiser } from "../optimiser/testing/cases.js";
import { cases as reductions } from "../reductions/testing/cases.js";
import { cases as sequences } from "../sequences/testing/cases.js";

/** Uses of every kernel of a backend, at odd sizes and at sizes that several threads share. */
export const kernelCases: readonly KernelCase[] = [
  ...elementwise(),
  ...experts(),
  ...layout(),
  ...matrices(),
  ...optimiser(),
  ...reductions(),
  ...sequences(),
];

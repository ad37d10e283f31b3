import { elementwiseCases } from "../kernels/elementwise/testing/cases.js";
import { expertCases } from "../kernels/experts/testing/cases.js";
import { layoutCases } from "../kernels/layout/testing/cases.js";
import { matrixCases } from "../kernels/matrices/testing/cases.js";
import { optimiserCases } from "../kernels/optimiser/testing/cases.js";
import { reductionCases } from "../kernels/reductions/testing/cases.js";
import { sequenceCases } from "../kernels/sequences/testing/cases.js";
import type { KernelCase } from "./kernel-case.js";

/** Uses of every kernel of a backend, at odd sizes and at sizes that several threads share. */
export const kernelCases: readonly KernelCase[] = [
  ...elementwiseCases(),
  ...layoutCases(),
  ...reductionCases(),
  ...matrixCases(),
  ...expertCases(),
  ...optimiserCases(),
  ...sequenceCases(),
];

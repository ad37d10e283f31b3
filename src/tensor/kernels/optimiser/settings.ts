import type { IntBuffer } from "../../buffers.js";
import type { RawKernels } from "../raw.js";
import type { AdamSettings } from "./contract.js";

/** Passes the settings of the next step to the kernels. */
export function setAdam(kernels: RawKernels, settings: AdamSettings): void {
  const { learningRate, beta1, beta2, epsilon, decay, weightDecay, gradientScale } = settings;
  const decoupled = Number(decay === "decoupled");
  kernels.adamSettings(learningRate, beta1, beta2, epsilon, decoupled, weightDecay, gradientScale);
}

/** Number of rows up to the last of `count` ascending rows. */
export function rowsUpTo(rows: IntBuffer, count: number): number {
  return count === 0 ? 0 : (rows.view[count - 1] ?? -1) + 1;
}

import type { FloatBuffer, IntBuffer } from "../../buffers.js";
import type { Dispatch } from "../experts/contract.js";

/**
 * Settings of Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), with PyTorch's order of
 * operations.
 */
export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /**
   * "l2": weight decay is added to the gradient (torch.optim.Adam). "decoupled": it multiplies the weight
   * first (torch.optim.AdamW).
   */
  readonly decay: "l2" | "decoupled";
  readonly weightDecay: number;
  /** Factor on every gradient: 1, or the clipping factor. */
  readonly gradientScale: number;
}

export interface AdamState {
  readonly weight: FloatBuffer;
  readonly firstMoment: FloatBuffer;
  readonly secondMoment: FloatBuffer;
}

/** Steps of the optimiser. */
export interface OptimiserKernels {
  /** One Adam step on elements [start, start + count) with step number `step` (from 1). */
  adam(
    state: AdamState,
    gradient: FloatBuffer,
    start: number,
    count: number,
    step: number,
    settings: AdamSettings,
  ): void;
  /**
   * Updates weight [N, D, F] by Adam. The gradient x^T dout of each expert is computed in registers and never
   * stored.
   *
   * Skips experts without pairs. `steps` [N] counts each expert's steps and is incremented here (as PyTorch
   * does if grad is None).
   */
  adamGrouped(
    state: AdamState,
    x: FloatBuffer,
    dout: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    steps: IntBuffer,
    settings: AdamSettings,
  ): void;
  /**
   * Updates the rows rows[i] (ascending, unique) of a weight [n, width] by Adam, with gradient row i and step
   * number steps[i] (from 1). Other rows are neither read nor written.
   */
  adamRows(
    state: AdamState,
    gradient: FloatBuffer,
    rows: IntBuffer,
    count: number,
    width: number,
    steps: IntBuffer,
    settings: AdamSettings,
  ): void;
}

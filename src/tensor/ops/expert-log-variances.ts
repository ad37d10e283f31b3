import { defined } from "../../core/defined.js";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "../backend.js";
import type { ExpertMixtureInputs, MixtureSizes } from "./expert-mixture-inputs.js";

/** Computed pairs with their samples and experts. */
export interface Pairs {
  readonly dispatch: Dispatch;
  readonly indices: IntBuffer;
  readonly slots: number;
  readonly experts: number;
  readonly width: number;
}

/**
 * Calls `visit` with the start of each pair's log-variances in [R, 2H], and the offset of its sample and
 * expert in [B, N].
 */
function forEachPair(
  { dispatch, indices, slots, experts, width }: Pairs,
  visit: (from: number, place: number) => void,
): void {
  const [rows, slotOf, expertOf] = [dispatch.rows.view, dispatch.slots.view, indices.view];
  for (let p = 0; p < dispatch.pairs; p++) {
    const b = defined(rows[p]);
    visit((2 * p + 1) * width, b * experts + defined(expertOf[b * slots + defined(slotOf[p])]));
  }
}

/** raw[p, H + i] += shift[b, j] for the sample b and the expert j of each pair p. */
export function addToLogVariances(raw: FloatBuffer, shift: FloatBuffer, pairs: Pairs): void {
  const [into, from] = [raw.view, shift.view];
  forEachPair(pairs, (start, place) => {
    const amount = defined(from[place]);
    for (let i = start; i < start + pairs.width; i++) into[i] = defined(into[i]) + amount;
  });
}

/** Backward pass of {@link addToLogVariances}. */
export function sumOverLogVariances(draw: FloatBuffer, dshift: FloatBuffer, pairs: Pairs): void {
  const [from, into] = [draw.view, dshift.view];
  forEachPair(pairs, (start, place) => {
    let sum = 0;
    for (let i = start; i < start + pairs.width; i++) sum += defined(from[i]);
    into[place] = defined(into[place]) + sum;
  });
}

/**
 * Computes Var[h] = sum_j G_j^2 sigma_j^2 for independent z_j, as a mixture of sigma_j^2 with the weights
 * G_j^2. [B, H]
 */
export function mixtureVariance(
  backend: Backend,
  raw: FloatBuffer,
  gates: FloatBuffer,
  dispatch: Dispatch,
  sizes: MixtureSizes,
  { logVarMin, logVarMax }: ExpertMixtureInputs,
): FloatBuffer {
  const { batch, slots, width } = sizes;
  const variances = backend.scratch(raw.size); // [R, 2H]; only the second half of each row is used
  backend.clamp(raw, logVarMin, logVarMax, variances);
  backend.unary("exp", variances, variances);
  for (let pair = 0; pair < dispatch.pairs; pair++)
    backend.copy(variances, (2 * pair + 1) * width, variances, 2 * pair * width, width);
  const squares = backend.scratch(gates.size);
  backend.unary("square", gates, squares);
  const [out, unusedSigma2, unusedKl] = [
    backend.scratch(batch * width),
    backend.scratch(batch * slots),
    backend.scratch(batch * slots),
  ];
  backend.gaussianMixture({
    raw: variances,
    gate: squares,
    dispatch,
    rows: batch,
    slots,
    width,
    clampLow: logVarMin,
    clampHigh: logVarMax,
    keys: undefined,
    h: out,
    sigma2: unusedSigma2,
    kl: unusedKl,
  });
  return out;
}

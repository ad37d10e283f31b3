import { defined } from "../../core/defined.js";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "../backend.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import type { ExpertMixtureInputs, MixtureSizes } from "./expert-mixture-inputs.js";

/**
 * Computes Eq. 5: probabilities, the S largest of each row, and the gate. All are zero for absent samples,
 * and the gate is zero beyond the top K.
 */
export function route(
  backend: Backend,
  inputs: ExpertMixtureInputs,
  sizes: MixtureSizes,
  probabilities: Tensor,
  gates: Tensor,
  indices: IntBuffer,
): void {
  const { batch, experts, slots, selected } = sizes;
  const logits = backend.scratch(batch * experts); // [B, N]
  backend.linear(
    inputs.x.buffer,
    inputs.routerWeight.buffer,
    inputs.routerBias.buffer,
    logits,
    batch,
    sizes.inputs,
    experts,
  );
  if (inputs.gateShift) backend.copy(inputs.gateShift.buffer, 0, logits, 0, batch * experts, true);
  backend.softmax(logits, batch, experts, probabilities.buffer);
  backend.topK(probabilities.buffer, batch, experts, slots, indices, gates.buffer);
  const gateView = gates.buffer.view;
  const probabilityView = probabilities.buffer.view;
  for (let b = 0; b < batch; b++) {
    const absent = inputs.present[b] === 0;
    if (absent) probabilityView.fill(0, b * experts, (b + 1) * experts);
    gateView.fill(0, b * slots + (absent ? 0 : selected), (b + 1) * slots);
  }
}

/** Backward pass of `route`: from d(gates) and d(probabilities) to the router's parameters and x. */
export function routeBackward(
  tape: Tape,
  inputs: ExpertMixtureInputs,
  sizes: MixtureSizes,
  probabilities: Tensor,
  dgates: FloatBuffer,
  indices: IntBuffer,
): void {
  const backend = tape.backend;
  const { batch, experts, slots, selected } = sizes;
  const { x, routerWeight, routerBias, gateShift } = inputs;
  const dprobabilities = tape.gradientOf(probabilities);
  const dlogits = backend.scratch(batch * experts);
  backend.fill(dlogits, 0);
  const [into, from, expertOf] = [dprobabilities.view, dgates.view, indices.view];
  for (let b = 0; b < batch; b++) {
    if (inputs.present[b] === 0) continue; // probabilities are 0, so the logits get no gradient
    for (let s = 0; s < selected; s++) {
      const j = b * experts + defined(expertOf[b * slots + s]);
      into[j] = defined(into[j]) + defined(from[b * slots + s]);
    }
  }
  backend.softmaxBackward(probabilities.buffer, batch, experts, dprobabilities, dlogits);
  if (routerWeight.requiresGradient) {
    const dispatch = tape.identityDispatch(batch);
    tape.addFactoredGradient(routerWeight, {
      kind: "factored",
      x: x.buffer,
      dout: dlogits,
      dispatch,
      inputs: sizes.inputs,
      outputs: experts,
    });
  }
  if (gateShift?.requiresGradient)
    backend.copy(dlogits, 0, tape.gradientOf(gateShift), 0, batch * experts, true);
  if (routerBias.requiresGradient) backend.columnSums(dlogits, batch, experts, tape.gradientOf(routerBias));
  if (x.requiresGradient) {
    const shape = { m: batch, n: sizes.inputs, k: experts, transposeB: true, accumulate: true };
    backend.gemm(dlogits, routerWeight.buffer, tape.gradientOf(x), shape);
  }
}

/** Sorts the selected experts of the present samples into pairs. */
export function dispatchPresent(
  backend: Backend,
  present: ArrayLike<number>,
  indices: IntBuffer,
  { batch, slots, experts }: MixtureSizes,
): Dispatch {
  const flags = backend.scratchInts(batch);
  flags.view.set(present);
  const sorted = {
    experts,
    offsets: backend.scratchInts(experts + 1),
    rows: backend.scratchInts(batch * slots),
    slots: backend.scratchInts(batch * slots),
    pairOf: backend.scratchInts(batch * slots),
  };
  const pairs = backend.dispatch({ indices, present: flags, rows: batch, slots }, sorted);
  return { ...sorted, pairs };
}

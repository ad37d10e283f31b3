import { EuarError } from "../../core/errors.js";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "../backend.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { addToLogVariances, mixtureVariance, sumOverLogVariances } from "./expert-log-variances.js";
import { type ExpertMixtureInputs, type MixtureSizes, sizesOf } from "./expert-mixture-inputs.js";
import { noiseKeys } from "./expert-noise.js";
import { dispatchPresent, route, routeBackward } from "./expert-routing.js";

/** Outputs of the expert mixture. Sizes as in {@link ExpertMixtureInputs}. */
export interface ExpertMixture {
  /** [B, H], Eq. 6. Zero rows for absent samples, as in every output below. */
  readonly h: Tensor;
  /** Gates G_j of the selected experts in descending order (Eq. 5), 0 in slots beyond K. [B, S] */
  readonly gates: Tensor;
  /** [B, S], mean over H of sigma^2. */
  readonly sigma2: Tensor;
  /** [B, S], mean over H of Eq. 4. */
  readonly kl: Tensor;
  /**
   * Variance of h if z is drawn as in Eq. 3: sum_j G_j^2 sigma_j^2, [B, H]. Computed on demand, valid until
   * the end of the step, not differentiable. Throws if only means were computed.
   */
  readonly variance: () => FloatBuffer;
  /** [B, N], softmax of the router, before the top K. */
  readonly probabilities: Tensor;
  /** Expert in each slot, [B, S]. Undefined for absent samples. */
  readonly indices: IntBuffer;
  /** K, clamped to N. */
  readonly selected: number;
  /** S */
  readonly slots: number;
  /** N */
  readonly experts: number;
}

/**
 * Mixes the selected Gaussian experts of each sample (Eqs. 1-6): h = sum_j G_j(x) E_j(x).
 *
 * Routes each present sample to its K most probable experts. Reads only experts that run; the gradient of
 * their weights stays factored. Tests compare it with nn/expert-mixture-composed.ts.
 *
 * Without present samples, the outputs are zeros and nothing is recorded, so that no parameter gets a
 * gradient.
 *
 * @throws ShapeError if the shapes do not fit; EuarError "internal" for `meansOnly` on a tape that records,
 * or with noise
 */
export function expertMixture(tape: Tape, inputs: ExpertMixtureInputs): ExpertMixture {
  const sizes = sizesOf(inputs);
  const { meansOnly = false } = inputs;
  if (meansOnly) requireNoSampling(tape, inputs);
  const { batch, width, experts, slots, selected } = sizes;
  const { x, routerWeight, routerBias, weight, bias } = inputs;
  const backend = tape.backend;
  const { logVarShift, gateShift } = inputs;
  const all = [
    x,
    routerWeight,
    routerBias,
    weight,
    bias,
    ...(logVarShift ? [logVarShift] : []),
    ...(gateShift ? [gateShift] : []),
  ];
  let anyPresent = false;
  for (let b = 0; b < batch; b++) anyPresent ||= inputs.present[b] !== 0;
  const sources = anyPresent ? all : [];
  const probabilities = tape.output([batch, experts], sources); // [B, N]
  const gates = tape.output([batch, slots], sources); // [B, S]
  const h = tape.output([batch, width], sources); // [B, H]
  const sigma2 = tape.output([batch, slots], sources); // [B, S]
  const kl = tape.output([batch, slots], sources); // [B, S]
  const indices = backend.scratchInts(batch * slots);
  const result = { h, gates, sigma2, kl, probabilities, indices, selected, slots, experts };
  if (!anyPresent) {
    for (const output of [probabilities, gates, h, sigma2, kl]) backend.fill(output.buffer, 0);
    indices.view.fill(-1);
    return { ...result, variance: () => h.buffer };
  }

  route(backend, inputs, sizes, probabilities, gates, indices);
  const dispatch = dispatchPresent(backend, inputs.present, indices, sizes);
  const raw = expertOutputs(backend, inputs, sizes, dispatch); // [R, 2H]
  const pairs = { dispatch, indices, slots, experts, width };
  if (logVarShift && !meansOnly) addToLogVariances(raw, logVarShift.buffer, pairs);
  const keys = inputs.noise ? noiseKeys(backend, inputs.noise, indices, dispatch, slots) : undefined;
  // [R, H], kept for the backward pass
  const noise = keys && tape.recording ? backend.scratch(dispatch.pairs * width) : undefined;
  const gaussians = {
    raw,
    gate: gates.buffer,
    dispatch,
    rows: batch,
    slots,
    width,
    clampLow: inputs.logVarMin,
    clampHigh: inputs.logVarMax,
    keys,
    noise,
    h: h.buffer,
    sigma2: sigma2.buffer,
    kl: kl.buffer,
  };
  backend.gaussianMixture(gaussians);
  if (meansOnly) for (const unknown of [sigma2, kl]) backend.fill(unknown.buffer, NaN);

  tape.recordJoint([h, gates, sigma2, kl, probabilities], () => {
    const dgates = tape.gradientOf(gates);
    const draw = backend.scratch(dispatch.pairs * 2 * width); // [R, 2H]
    backend.gaussianMixtureBackward(gaussians, {
      dh: tape.gradientOf(h),
      dsigma2: tape.gradientOf(sigma2),
      dkl: tape.gradientOf(kl),
      draw,
      dgate: dgates,
    });
    if (logVarShift?.requiresGradient) sumOverLogVariances(draw, tape.gradientOf(logVarShift), pairs);
    const factored = {
      kind: "factored",
      x: x.buffer,
      dout: draw,
      dispatch,
      inputs: sizes.inputs,
      outputs: 2 * width,
    } as const;
    if (weight.requiresGradient) tape.addFactoredGradient(weight, factored);
    if (bias.requiresGradient) tape.addGroupedBiasGradient(bias, draw, dispatch, 2 * width);
    if (x.requiresGradient) {
      backend.groupedLinearBackwardInput(
        draw,
        weight.buffer,
        dispatch,
        sizes.inputs,
        2 * width,
        batch,
        slots,
        tape.gradientOf(x),
      );
    }
    routeBackward(tape, inputs, sizes, probabilities, dgates, indices);
  });
  const variance = (): FloatBuffer => {
    if (meansOnly) throw new EuarError("internal", "expertMixture: no variances, only means were computed");
    return mixtureVariance(backend, raw, gates.buffer, dispatch, sizes, inputs);
  };
  return { ...result, variance };
}

/** @throws EuarError "internal" */
function requireNoSampling(tape: Tape, { noise }: ExpertMixtureInputs): void {
  if (tape.recording || noise)
    throw new EuarError(
      "internal",
      "expertMixture: meansOnly needs a tape that does not record, and no noise",
    );
}

/** Computes mu | log-variance of each pair, [R, 2H]. With `meansOnly`, log-variances are 0. */
function expertOutputs(
  backend: Backend,
  { x, weight, bias, meansOnly = false }: ExpertMixtureInputs,
  { inputs, width }: MixtureSizes,
  dispatch: Dispatch,
): FloatBuffer {
  const raw = backend.scratch(dispatch.pairs * 2 * width);
  if (meansOnly) backend.fill(raw, 0);
  const columns = meansOnly ? width : 2 * width;
  backend.groupedLinear(x.buffer, weight.buffer, bias.buffer, dispatch, inputs, 2 * width, raw, columns);
  return raw;
}

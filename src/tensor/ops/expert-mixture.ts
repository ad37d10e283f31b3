import { ShapeError } from "../../core/errors.js";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "../backend.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { formatShape } from "../tensor.js";
import { type ExpertNoise, writeExpertNoiseKeys } from "./expert-noise.js";

/**
 * Inputs of the expert mixture. Sizes: B samples, D features, H hidden, N experts, K selected, S slots per
 * sample (K, or N if all experts run).
 */
export interface ExpertMixtureInputs {
  /** [B, D]. Rows of absent samples go to no expert, but must be finite. */
  readonly x: Tensor;
  /** [D, N] */
  readonly routerWeight: Tensor;
  /** [N] */
  readonly routerBias: Tensor;
  /** [N, D, 2H], columns mu | log-variance. */
  readonly weight: Tensor;
  /** [N, 2H] */
  readonly bias: Tensor;
  /** [B], 0 if the sample lacks the modality. */
  readonly present: ArrayLike<number>;
  /** Number of experts per sample, K; limited to N. */
  readonly topK: number;
  /**
   * Experts to compute: the K selected, or all N with gate 0 outside the top K (to know the KL of all of
   * them).
   */
  readonly run: "selected" | "all";
  /** Lower clamp of the log-variances. */
  readonly logVarMin: number;
  /** Upper clamp of the log-variances. */
  readonly logVarMax: number;
  /** Added to every log-variance of an expert, before the clamp. [B, N] */
  readonly logVarShift?: Tensor | undefined;
  /** Added to the router's logits. [B, N] */
  readonly gateShift?: Tensor | undefined;
  /** Source of epsilon in z = mu + epsilon * sigma (Eq. 3). If absent, z = mu. */
  readonly noise?: ExpertNoise;
}

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
   * the end of the step, not differentiable.
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

interface Sizes {
  readonly batch: number;
  readonly inputs: number;
  readonly width: number;
  readonly experts: number;
  readonly selected: number;
  readonly slots: number;
}

function isMatrix({ shape }: Tensor, rows: number, columns: number): boolean {
  return shape.length === 2 && shape[0] === rows && shape[1] === columns;
}

function sizesOf({
  x,
  routerWeight,
  routerBias,
  weight,
  bias,
  present,
  topK,
  run,
  logVarShift,
  gateShift,
}: ExpertMixtureInputs): Sizes {
  const [batch, inputs] = [x.extent(0), x.extent(1)];
  const experts = weight.extent(0);
  const outputs = weight.extent(2);
  const fits =
    x.shape.length === 2 &&
    weight.shape.length === 3 &&
    weight.extent(1) === inputs &&
    outputs % 2 === 0 &&
    isMatrix(bias, experts, outputs) &&
    isMatrix(routerWeight, inputs, experts) &&
    routerBias.shape.length === 1 &&
    routerBias.extent(0) === experts;
  if (!fits) {
    throw new ShapeError(
      `expertMixture: x [B, D], router [D, N] and [N], experts [N, D, 2H] and [N, 2H] must agree; got ` +
        [x, routerWeight, routerBias, weight, bias].map((tensor) => formatShape(tensor.shape)).join(", "),
    );
  }
  if (present.length !== batch)
    throw new ShapeError(`expertMixture: present has ${present.length} entries for ${batch} samples`);
  for (const [name, shift] of Object.entries({ logVarShift, gateShift })) {
    if (shift && !isMatrix(shift, batch, experts))
      throw new ShapeError(
        `expertMixture: ${name} must be [${batch}, ${experts}], got ${formatShape(shift.shape)}`,
      );
  }
  if (!(topK >= 1)) throw new ShapeError(`expertMixture: topK must be at least 1, got ${topK}`);
  const selected = Math.min(topK, experts);
  return { batch, inputs, width: outputs / 2, experts, selected, slots: run === "all" ? experts : selected };
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
 * @throws ShapeError if the shapes do not fit
 */
export function expertMixture(tape: Tape, inputs: ExpertMixtureInputs): ExpertMixture {
  const sizes = sizesOf(inputs);
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
  const raw = backend.scratch(dispatch.pairs * 2 * width); // [R, 2H]
  backend.groupedLinear(x.buffer, weight.buffer, bias.buffer, dispatch, sizes.inputs, 2 * width, raw);
  const pairs = { dispatch, indices, slots, experts, width };
  if (logVarShift) addToLogVariances(raw, logVarShift.buffer, pairs);
  const keys = inputs.noise ? noiseKeys(backend, inputs.noise, indices, dispatch, slots) : undefined;
  // [R, H], kept for the backward pass
  const noise = keys && tape.recording ? backend.scratch(dispatch.pairs * width) : undefined;
  const { logVarMin, logVarMax } = inputs;
  backend.gaussianMixture(
    raw,
    gates.buffer,
    dispatch,
    batch,
    slots,
    width,
    logVarMin,
    logVarMax,
    keys,
    h.buffer,
    sigma2.buffer,
    kl.buffer,
    noise,
  );

  tape.recordJoint([h, gates, sigma2, kl, probabilities], () => {
    const dgates = tape.gradientOf(gates);
    const draw = backend.scratch(dispatch.pairs * 2 * width); // [R, 2H]
    backend.gaussianMixtureBackward(
      raw,
      gates.buffer,
      dispatch,
      batch,
      slots,
      width,
      logVarMin,
      logVarMax,
      keys,
      tape.gradientOf(h),
      tape.gradientOf(sigma2),
      tape.gradientOf(kl),
      draw,
      dgates,
      noise,
    );
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
  return { ...result, variance: () => mixtureVariance(backend, raw, gates.buffer, dispatch, sizes, inputs) };
}

/** Computed pairs with their samples and experts. */
interface Pairs {
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
    const b = rows[p] ?? 0;
    visit((2 * p + 1) * width, b * experts + (expertOf[b * slots + (slotOf[p] ?? 0)] ?? 0));
  }
}

/** raw[p, H + i] += shift[b, j] for the sample b and the expert j of each pair p. */
function addToLogVariances(raw: FloatBuffer, shift: FloatBuffer, pairs: Pairs): void {
  const [into, from] = [raw.view, shift.view];
  forEachPair(pairs, (start, place) => {
    const amount = from[place] ?? NaN;
    for (let i = start; i < start + pairs.width; i++) into[i] = (into[i] ?? NaN) + amount;
  });
}

/** Backward pass of {@link addToLogVariances}. */
function sumOverLogVariances(draw: FloatBuffer, dshift: FloatBuffer, pairs: Pairs): void {
  const [from, into] = [draw.view, dshift.view];
  forEachPair(pairs, (start, place) => {
    let sum = 0;
    for (let i = start; i < start + pairs.width; i++) sum += from[i] ?? NaN;
    into[place] = (into[place] ?? NaN) + sum;
  });
}

/**
 * Computes Var[h] = sum_j G_j^2 sigma_j^2 for independent z_j, as a mixture of sigma_j^2 with the weights
 * G_j^2. [B, H]
 */
function mixtureVariance(
  backend: Backend,
  raw: FloatBuffer,
  gates: FloatBuffer,
  dispatch: Dispatch,
  sizes: Sizes,
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
  backend.gaussianMixture(
    variances,
    squares,
    dispatch,
    batch,
    slots,
    width,
    logVarMin,
    logVarMax,
    undefined,
    out,
    unusedSigma2,
    unusedKl,
  );
  return out;
}

/**
 * Computes Eq. 5: probabilities, the S largest of each row, and the gate. All are zero for absent samples,
 * and the gate is zero beyond the top K.
 */
function route(
  backend: Backend,
  inputs: ExpertMixtureInputs,
  sizes: Sizes,
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
function routeBackward(
  tape: Tape,
  inputs: ExpertMixtureInputs,
  sizes: Sizes,
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
      const j = b * experts + (expertOf[b * slots + s] ?? 0);
      into[j] = (into[j] ?? 0) + (from[b * slots + s] ?? 0);
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

function dispatchPresent(
  backend: Backend,
  present: ArrayLike<number>,
  indices: IntBuffer,
  { batch, slots, experts }: Sizes,
): Dispatch {
  const flags = backend.scratchInts(batch);
  const offsets = backend.scratchInts(experts + 1);
  const rows = backend.scratchInts(batch * slots);
  const pairSlots = backend.scratchInts(batch * slots);
  const pairOf = backend.scratchInts(batch * slots);
  flags.view.set(present);
  const pairs = backend.dispatch(indices, flags, batch, slots, experts, offsets, rows, pairSlots, pairOf);
  return { experts, pairs, offsets, rows, slots: pairSlots, pairOf };
}

function noiseKeys(
  backend: Backend,
  noise: ExpertNoise,
  indices: IntBuffer,
  dispatch: Dispatch,
  slots: number,
): IntBuffer {
  const keys = backend.scratchInts(dispatch.pairs * 2); // [R, 2]
  const [rows, slotOf, expertOf] = [dispatch.rows.view, dispatch.slots.view, indices.view];
  const experts = new Int32Array(dispatch.pairs);
  for (let p = 0; p < dispatch.pairs; p++)
    experts[p] = expertOf[(rows[p] ?? 0) * slots + (slotOf[p] ?? 0)] ?? 0;
  writeExpertNoiseKeys(noise, rows, experts, dispatch.pairs, keys.view);
  return keys;
}

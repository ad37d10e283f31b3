// The same problem on the reference backend. Every version must agree with it before it is timed.
import { createReferenceBackend } from "euar/tensor";
import { hidden, outputs, slots } from "./problem.js";

const names = ["x", "weight", "first", "second", "bias", "dout", "gate", "dh"];
const intNames = ["keys", "steps", "offsets", "rows", "slotsOf", "pairOf"];

/** Computes the expected results of each family from a modality's present values. */
export function expectedOf(modality, settings) {
  const backend = createReferenceBackend({ precision: "float32" });
  const floats = (values) => {
    const buffer = backend.scratch(values.length);
    buffer.view.set(values);
    return buffer;
  };
  const ints = (values) => {
    const buffer = backend.scratchInts(values.length);
    buffer.view.set(values);
    return buffer;
  };
  const f = Object.fromEntries(names.map((name) => [name, floats(modality[name])]));
  const i = Object.fromEntries(intNames.map((name) => [name, ints(modality[name])]));
  const { experts, pairs, batch, inputs } = modality;
  const dispatch = { experts, pairs, offsets: i.offsets, rows: i.rows, slots: i.slotsOf, pairOf: i.pairOf };
  const out = backend.scratch(pairs * outputs);
  backend.groupedLinear(f.x, f.weight, f.bias, dispatch, inputs, outputs, out);
  const [h, sigma2, kl, draw, dgate] = [batch * hidden, pairs, pairs, pairs * outputs, pairs].map((size) =>
    floats(new Float32Array(size)),
  );
  const sizes = { rows: batch, slots, width: hidden, clampLow: -8, clampHigh: 5 };
  const gaussians = { ...sizes, raw: out, gate: f.gate, dispatch, keys: i.keys };
  backend.gaussianMixture({ ...gaussians, h, sigma2, kl });
  backend.gaussianMixtureBackward(gaussians, { dh: f.dh, dsigma2: sigma2, dkl: kl, draw, dgate });
  const norm = backend.groupedSquaredNorm(f.x, f.dout, dispatch, inputs, outputs);
  const state = { weight: f.weight, firstMoment: f.first, secondMoment: f.second };
  backend.adamGrouped(state, f.x, f.dout, dispatch, inputs, outputs, i.steps, settings);
  return {
    out: out.view,
    h: h.view,
    sigma2: sigma2.view,
    kl: kl.view,
    draw: draw.view,
    dgate: dgate.view,
    norm: [norm],
    weight: f.weight.view,
    first: f.first.view,
    second: f.second.view,
  };
}

/** Checks that |actual - expected| <= tolerance * (largest + |expected|) everywhere, and throws otherwise. */
export function requireAgreement(what, actual, expected, tolerance = 5e-6) {
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * (largest + Math.abs(expected[i])))) {
      throw new Error(`${what}: element ${i} is ${actual[i]}, the reference has ${expected[i]}`);
    }
  }
}

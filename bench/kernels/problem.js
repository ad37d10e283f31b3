// Training step of the targets: three modalities, top 3 of N experts, H = 72 (so 144 outputs), random values.
import { normalAt, randomKey, uniformAt, permutation, foldIn } from "euar/tensor";

export const widths = [768, 74, 47];
export const outputs = 144;
export const hidden = 72;
export const slots = 3;

function fillNormal(view, name, scale) {
  // a repeated table of normal values is random enough for timing and checking, and fast
  const key = randomKey(1, name);
  const table = Float32Array.from({ length: 4093 }, (_, i) => scale * normalAt(key, i));
  for (let i = 0; i < view.length; i++) view[i] = table[i % 4093];
  return view;
}

/** Buffers of one modality. Samples choose distinct experts uniformly. */
export function makeModality(sandbox, inputs, experts, batch, name) {
  const pairs = batch * slots;
  const weights = experts * inputs * outputs;
  const modality = {
    inputs,
    experts,
    batch,
    pairs,
    x: fillNormal(sandbox.floats(batch * inputs), `${name}/x`, 1),
    weight: fillNormal(sandbox.floats(weights), `${name}/w`, 0.05),
    first: fillNormal(sandbox.floats(weights), `${name}/m`, 1e-3),
    second: fillNormal(sandbox.floats(weights), `${name}/v`, 1e-3),
    bias: fillNormal(sandbox.floats(experts * outputs), `${name}/b`, 0.1),
    out: sandbox.floats(pairs * outputs),
    dout: fillNormal(sandbox.floats(pairs * outputs), `${name}/d`, 0.01),
    draw: sandbox.floats(pairs * outputs),
    gate: sandbox.floats(pairs).fill(0.25),
    h: sandbox.floats(batch * hidden),
    dh: fillNormal(sandbox.floats(batch * hidden), `${name}/dh`, 0.1),
    sigma2: sandbox.floats(pairs),
    kl: sandbox.floats(pairs),
    dgate: sandbox.floats(pairs),
    keys: sandbox.ints(2 * pairs),
    noise: sandbox.floats(pairs * hidden),
    steps: sandbox.ints(experts).fill(10),
    indices: sandbox.ints(pairs),
    present: sandbox.ints(batch).fill(1),
    offsets: sandbox.ints(experts + 1),
    rows: sandbox.ints(pairs),
    slotsOf: sandbox.ints(pairs),
    pairOf: sandbox.ints(pairs),
  };
  for (let i = 0; i < modality.second.length; i++) modality.second[i] *= modality.second[i];
  const key = randomKey(2, name);
  for (let i = 0; i < modality.keys.length; i++) modality.keys[i] = uniformAt(key, i) * 4294967296;
  for (let b = 0; b < batch; b++) {
    const order = permutation(foldIn(key, b), experts);
    for (let s = 0; s < slots; s++) modality.indices[b * slots + s] = order[s];
  }
  const m = modality;
  const a = (view) => view.byteOffset;
  sandbox.kernels.dispatch(
    a(m.indices),
    a(m.present),
    batch,
    slots,
    experts,
    a(m.offsets),
    a(m.rows),
    a(m.slotsOf),
    a(m.pairOf),
  );
  modality.touched = [...Array(experts).keys()].filter((e) => m.offsets[e + 1] > m.offsets[e]).length;
  return modality;
}

/**
 * Writes the starting point of all contestants: initial weights and batches, as one safetensors file.
 * Layouts: experts [N, D, 2H] (mu | log-variance), router [D, N], head [in, out]; names as in the model's
 * parameters; batches [B, D] or [B, T, D] per modality, and labels [B, 1].
 */
import { writeFileSync } from "node:fs";
import { normalAt, randomKey, uniformAt, writeSafetensors } from "euar/tensor";
import { hidden, widths } from "../cases.js";

function normals(name, shape) {
  const key = randomKey(1, `bench/${name}`);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => normalAt(key, i));
  return { shape, values };
}

function uniform(name, shape, fanIn) {
  const key = randomKey(1, `bench/${name}`);
  const bound = 1 / Math.sqrt(fanIn);
  const values = Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => bound * (2 * uniformAt(key, i) - 1),
  );
  return { shape, values };
}

/** Adds a sequence encoder: weights of the layers, and initial values of the norms. */
function addEncoder(tensors, name, inputs, layers) {
  const constant = (value) => ({ shape: [hidden], values: new Float32Array(hidden).fill(value) });
  const addNorm = (path) => {
    tensors.set(`${path}/gain`, constant(1));
    tensors.set(`${path}/bias`, constant(0));
  };
  const addLinear = (path, from, to) => {
    tensors.set(`${path}/weight`, uniform(`${path}/weight`, [from, to], from));
    tensors.set(`${path}/bias`, uniform(`${path}/bias`, [to], from));
  };
  tensors.set(`${name}/conv/weight`, uniform(`${name}/conv/weight`, [3 * inputs, hidden], 3 * inputs));
  for (let i = 0; i < layers; i++) {
    const layer = `${name}/layers/${i}`;
    addLinear(`${layer}/attention/in`, hidden, 3 * hidden);
    addLinear(`${layer}/attention/out`, hidden, hidden);
    addNorm(`${layer}/attention-norm`);
    addLinear(`${layer}/feed-forward/in`, hidden, 4 * hidden);
    addLinear(`${layer}/feed-forward/out`, 4 * hidden, hidden);
    addNorm(`${layer}/feed-forward-norm`);
  }
  addNorm(`${name}/norm`);
}

/**
 * @param {import("../cases.js").StepCase & Partial<import("../cases.js").SequenceCase>} stepCase
 * @param {string} path
 */
export function writeCase({ experts, batch, batches, steps, encoder }, path) {
  const tensors = new Map();
  for (const [name, features] of Object.entries(widths)) {
    if (encoder) addEncoder(tensors, `${name}/encoder`, features, encoder.layers);
    const width = encoder ? hidden : features;
    tensors.set(
      `${name}/experts/weight`,
      uniform(`${name}/experts/weight`, [experts, width, 2 * hidden], width),
    );
    tensors.set(`${name}/experts/bias`, uniform(`${name}/experts/bias`, [experts, 2 * hidden], width));
    tensors.set(`${name}/router/weight`, uniform(`${name}/router/weight`, [width, experts], width));
    tensors.set(`${name}/router/bias`, uniform(`${name}/router/bias`, [experts], width));
  }
  const joint = hidden * Object.keys(widths).length;
  for (const [name, inputs, outputs] of [
    ["head/0/linear", joint, hidden],
    ["head/out", hidden, 1],
  ]) {
    tensors.set(`${name}/weight`, uniform(`${name}/weight`, [inputs, outputs], inputs));
    tensors.set(`${name}/bias`, uniform(`${name}/bias`, [outputs], inputs));
  }
  for (let b = 0; b < batches; b++) {
    for (const [name, width] of Object.entries(widths))
      tensors.set(
        `batch/${b}/${name}`,
        normals(`batch/${b}/${name}`, [batch, ...(encoder ? [steps] : []), width]),
      );
    tensors.set(`batch/${b}/labels`, normals(`batch/${b}/labels`, [batch, 1]));
  }
  writeFileSync(path, writeSafetensors({ tensors, metadata: {} }));
}

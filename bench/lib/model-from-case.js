import { createModel } from "euar/models";
import { readSafetensors } from "euar/tensor";
import { benchBackend } from "./bench-backend.js";

/** Builds EUAR with the case's weights, on its own backend: wasm, unless the settings name another. */
export async function modelFromCase(bytes, settings, { sampling }) {
  const { experts, topK, hidden, widths, steps = 1, encoder } = settings;
  const { backend: name = "wasm", threads, arithmetic } = settings;
  const backend = await benchBackend(name, { threads, arithmetic });
  const signature = {
    task: { kind: "regression", targets: ["label"] },
    modalities: Object.entries(widths).map(([name, width]) => ({ name, width, steps })),
  };
  const sequence = encoder && { encoder: { kind: "sequence", layers: encoder.layers, heads: encoder.heads } };
  const config = { hidden, experts: { count: experts, topK, sampling }, ...sequence };
  const model = createModel("euar", signature, config, backend, 1);
  const { tensors } = readSafetensors(bytes, "the case");
  for (const parameter of model.parameters.all()) {
    const stored = tensors.get(parameter.name);
    if (stored?.values.length !== parameter.size)
      throw new Error(`the case's weights do not fit parameter "${parameter.name}"`);
    parameter.buffer.view.set(stored.values);
  }
  return { backend, model };
}

/** Reads the case's batches in the form that the model takes. */
export function readBatches(bytes, { widths, batch, batches, steps = 1 }) {
  const { tensors } = readSafetensors(bytes, "the case");
  const values = (name) => tensors.get(name).values;
  return Array.from({ length: batches }, (_, b) => ({
    size: batch,
    sampleIndex: Int32Array.from({ length: batch }, (_, i) => b * batch + i),
    labels: values(`batch/${b}/labels`),
    modalities: Object.fromEntries(
      Object.entries(widths).map(([name, width]) => [
        name,
        {
          width,
          steps,
          values: values(`batch/${b}/${name}`),
          mask: new Uint8Array(batch * steps).fill(1),
          present: new Uint8Array(batch).fill(1),
        },
      ]),
    ),
  }));
}

// Fingerprints of a run: sha-256 of its weights, of its history of losses and metrics, of its predictions,
// and of its evaluation under corruption.
import { parseCorruption } from "euar/data";
import { evaluate, train } from "euar/train";

/**
 * Trains a job.
 * @param options options of `train`, and hooks, e.g. a folder
 */
export async function trainJob({ dataset, request }, options = {}, hooks = {}) {
  return train({ ...request, ...options }, dataset, hooks);
}

/** @returns { weights, history, predictions, evaluation }, in hexadecimal */
export async function fingerprint({ dataset }, { model, history }) {
  return {
    weights: await digest(weightBytes(model)),
    history: await digestText(JSON.stringify(history)),
    predictions: await predictionDigest(model, dataset),
    evaluation: await digestText(
      JSON.stringify(measured(await evaluate(model, dataset, corrupted(dataset)))),
    ),
  };
}

/**
 * Returns the digest of the model's outputs on the test split, diagnostics included. Numbers in JSON are
 * exact.
 */
export async function predictionDigest(model, dataset) {
  const { test } = dataset.splits;
  return digestText(
    JSON.stringify(Array.from({ length: test.size }, (_, row) => model.predict(sample(test, row)))),
  );
}

/** Returns the data with one modality only, with noise and losses. */
function corrupted(dataset) {
  return {
    available: [dataset.modalities[0].name],
    corruption: parseCorruption("gaussian:0.5,dropout:0.1,frame-drop:0.2,missing:0.3"),
    seed: 5,
  };
}

function measured({ metrics, uncertainty, selective }) {
  return { metrics, uncertainty, selective };
}

/** Returns a sample's real steps in the form that users pass. */
function sample(split, row) {
  const features = Object.entries(split.modalities).map(([name, { width, steps, values, mask, present }]) => {
    if (present[row] === 0) return [name, null];
    const real = Array.from({ length: steps }, (_, t) => row * steps + t).filter((at) => mask[at] === 1);
    return [name, real.map((at) => values.slice(at * width, (at + 1) * width))];
  });
  return Object.fromEntries(features);
}

/** Returns names and values of all parameters, in order. */
function weightBytes(model) {
  const parts = model.network.parameters
    .all()
    .flatMap(({ name, buffer: { view } }) => [
      new TextEncoder().encode(`${name}\n`),
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice(),
    ]);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function digestText(text) {
  return digest(new TextEncoder().encode(text));
}

async function digest(bytes) {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

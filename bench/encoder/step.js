/**
 * Contestant: one fine-tuning step of a text encoder under a linear head (forward, backward, AdamW).
 * See bench/lib/child.js.
 *
 *     node bench/encoder/step.js FOLDER '{"lengths": [...], "layers": 8, "trained": 4, ...}'
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Adam, buildEncoder, createEncodedModel, createModel } from "euar/models";
import { Tape } from "euar/tensor";
import { benchBackend } from "../lib/bench-backend.js";
import { MemoryEncoder } from "euar/train";
import { answerRequests, cpuMs } from "../lib/child.js";

const [folder = "", setup = "{}"] = process.argv.slice(2);
const settings = JSON.parse(setup);
const { lengths, layers, trained, batches: count, learningRate, headRate, weightDecay } = settings;

const files = new Map(
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
);
const readAsset = async (name, path) =>
  new Uint8Array(readFileSync(new URL(`../../node_modules/${name}/${path}`, import.meta.url)));
const options = {
  textDropout: 0,
  textAttentionDropout: 0,
  textLearningRate: learningRate,
  ...(layers !== undefined && { textLayers: layers }),
  ...(trained !== undefined && { textTrain: trained }),
};
const { encoder: opened } = await MemoryEncoder.open("encoder", files, options, readAsset);
const steps = Math.max(...lengths);
const size = lengths.length;
const batches = Array.from({ length: count }, (_, k) => batchOf(k));

/** Returns the token ids of batch k, the same as the peer's. */
function batchOf(k) {
  const values = new Float32Array(size * steps);
  const mask = new Uint8Array(size * steps);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) {
      values[b * steps + t] = 1000 + ((7919 * (k * size + b) + 104729 * t) % 20000);
      mask[b * steps + t] = 1;
    }
  });
  return {
    size,
    sampleIndex: Int32Array.from({ length: size }, (_, b) => b),
    modalities: { text: { width: 1, steps, values, mask, present: new Uint8Array(size).fill(1) } },
    labels: Float32Array.from({ length: size }, (_, b) => 3 * Math.sin(k * size + b)),
  };
}

async function start() {
  const { backend: name = "wasm", threads = 1, arithmetic = "exact" } = settings;
  const backend = await benchBackend(name, { threads, arithmetic });
  const encoder = buildEncoder(opened, backend, 1, headRate);
  const signature = {
    task: { kind: "regression", targets: ["sentiment"] },
    modalities: [{ name: "text", width: 1, steps }],
  };
  const model = createEncodedModel(signature, "text", encoder, (inner) =>
    createModel("linear", inner, { taskLoss: "l1", inputDropout: 0 }, backend, 1),
  );
  const weight = model.parameters.get("linear/weight").buffer.view;
  for (let i = 0; i < weight.length; i++) weight[i] = 0.05 * Math.sin(i);
  const optimiser = new Adam(model.parameters, { kind: "adamw", weightDecay });
  return { backend, model, optimiser, step: 0 };
}

function advance(state) {
  const { backend, model, optimiser } = state;
  const tape = new Tape(backend);
  const context = { training: true, seed: 1, step: state.step };
  const { losses } = model.forward(tape, batches[state.step % count], context);
  tape.backward(losses.total);
  optimiser.step(headRate);
  const loss = losses.total.item();
  backend.endStep();
  state.step++;
  return loss;
}

let running;
await answerRequests(async ({ ask, steps: asked }) => {
  if (ask === "versions") return { node: process.versions.node, v8: process.versions.v8 };
  if (ask === "check") {
    const state = await start();
    return { losses: Array.from({ length: asked }, () => advance(state)) };
  }
  if (running === undefined) {
    running = await start();
    // afterwards every text has been seen, so the frozen part is cached
    for (let i = 0; i < count + 1; i++) advance(running);
  }
  const ms = [];
  const cpu = cpuMs();
  for (let i = 0; i < asked; i++) {
    const from = performance.now();
    advance(running);
    ms.push(performance.now() - from);
  }
  return { ms, cpuMs: (cpuMs() - cpu) / asked };
});

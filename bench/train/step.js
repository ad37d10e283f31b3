/**
 * Contestant: one training step of `euar` (forward, backward, Adam, end of step) on the WebAssembly backend,
 * or on the one that the settings name.
 * See bench/lib/child.js.
 *
 *     node bench/train/step.js CASE.safetensors '{"experts": 8, "topK": 3, ...}'
 */
import { readFileSync } from "node:fs";
import { answerRequests, cpuMs } from "../lib/child.js";
import { modelFromCase, readBatches } from "../lib/model-from-case.js";
import { Adam } from "euar/models";
import { Tape } from "euar/tensor";

const [path = "", setup = "{}"] = process.argv.slice(2);
const settings = JSON.parse(setup);
const bytes = new Uint8Array(readFileSync(path));
const batches = readBatches(bytes, settings);

async function start(sampling) {
  const { backend, model } = await modelFromCase(bytes, settings, { sampling });
  return { backend, model, optimiser: new Adam(model.parameters, { kind: "adam", weightDecay: 0 }), step: 0 };
}

/** Runs one step. Fills `marks` with the end times of forward, backward and Adam. */
function advance(state, marks) {
  const { backend, model, optimiser } = state;
  const tape = new Tape(backend);
  const { losses } = model.forward(tape, batches[state.step % batches.length], {
    training: true,
    seed: 1,
    step: state.step,
  });
  marks[0] = performance.now();
  tape.backward(losses.total);
  marks[1] = performance.now();
  optimiser.step(settings.learningRate);
  const loss = losses.total.item();
  marks[2] = performance.now();
  backend.endStep();
  state.step++;
  return loss;
}

let running;
await answerRequests(async ({ ask, steps, parts }) => {
  const marks = [0, 0, 0];
  if (ask === "versions") return { node: process.versions.node, v8: process.versions.v8 };
  if (ask === "check") {
    const state = await start("never");
    return { losses: Array.from({ length: steps }, () => advance(state, marks)) };
  }
  if (running === undefined) {
    running = await start("train");
    for (let i = 0; i < 60; i++) advance(running, marks);
  }
  const ms = [];
  const split = { forward: [], backward: [], adam: [] };
  const cpu = cpuMs();
  for (let i = 0; i < steps; i++) {
    const from = performance.now();
    advance(running, marks);
    ms.push(performance.now() - from);
    split.forward.push(marks[0] - from);
    split.backward.push(marks[1] - marks[0]);
    split.adam.push(marks[2] - marks[1]);
  }
  return { ms, cpuMs: (cpuMs() - cpu) / steps, ...(parts && { parts: split }) };
});

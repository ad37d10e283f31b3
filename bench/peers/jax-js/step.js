/**
 * Contestant: one training step of EUAR in jax-js (WebAssembly device), the whole step (loss, gradients,
 * Adam) in one `jit`. Dense: all experts of a modality are one matrix product, the gate masks, as jax has no
 * dispatch by expert. See bench/lib/child.js for the protocol.
 *
 *     node bench/peers/jax-js/step.js CASE.safetensors '{"experts": 8, "topK": 3, ...}'
 */
import { readFileSync } from "node:fs";
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  random,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import { readSafetensors } from "../../../dist/tensor.js";
import { answerRequests, cpuMs } from "../../lib/child.js";

const [path = "", setup = "{}"] = process.argv.slice(2);
const {
  experts: N,
  topK: K,
  hidden: H,
  widths,
  batches: batchCount,
  batch: B,
  learningRate,
} = JSON.parse(setup);
const names = Object.keys(widths);
const [ALPHA, BETA, LAMBDA] = [1e-3, 1e-5, 1e-3];
const { tensors } = readSafetensors(new Uint8Array(readFileSync(path)), path);

function load(name) {
  const { shape, values } = tensors.get(name);
  return np.array(values).reshape([...shape]);
}

/** Returns the experts as one matrix [D, N * 2H], so that they are one product. */
function loadExperts(name, width) {
  const { values } = tensors.get(`${name}/experts/weight`);
  const out = new Float32Array(values.length);
  for (let n = 0; n < N; n++) {
    for (let d = 0; d < width; d++) {
      out.set(
        values.subarray((n * width + d) * 2 * H, (n * width + d + 1) * 2 * H),
        d * N * 2 * H + n * 2 * H,
      );
    }
  }
  return np.array(out).reshape([width, N * 2 * H]);
}

function initialWeights() {
  const weights = {
    head: ["head/0/linear", "head/out"].map((name) => ({
      weight: load(`${name}/weight`),
      bias: load(`${name}/bias`),
    })),
  };
  for (const name of names) {
    weights[name] = {
      weight: loadExperts(name, widths[name]),
      bias: load(`${name}/experts/bias`).reshape([N * 2 * H]),
      routerWeight: load(`${name}/router/weight`),
      routerBias: load(`${name}/router/bias`),
    };
  }
  return weights;
}

/**
 * Computes Eq. 12. `noise` is [B, N, H] per modality, or null for mu. Every array is used once; `.ref` adds a
 * use.
 */
function loss(weights, batch, noise) {
  const joint = [];
  let auxiliary;
  const add = (term, weight) => {
    const scaled = term.mul(weight);
    auxiliary = auxiliary === undefined ? scaled : auxiliary.add(scaled);
  };
  for (const name of names) {
    const { weight, bias, routerWeight, routerBias } = weights[name];
    const x = batch[name];
    const p = nn.softmax(np.matmul(x.ref, routerWeight).add(routerBias)); // [B, N]
    const [top, chosen] = lax.topK(lax.stopGradient(p.ref), K);
    top.dispose();
    const oneHot = nn.oneHot(chosen, N); // [B, K, N]
    const first = oneHot.ref.slice([], 0); // [B, N]: the most probable expert
    const mask = oneHot.sum(1); // [B, N]
    const gate = p.mul(mask.ref); // Eq. 5
    const raw = np
      .matmul(x, weight)
      .add(bias)
      .reshape([B, N, 2 * H]);
    const mu = raw.ref.slice([], [], [0, H]);
    const logVar = np.clip(raw.slice([], [], [H, 2 * H]), -8, 5);
    const sigma = np.exp(logVar.ref.mul(0.5));
    const sigma2 = sigma.ref.mul(sigma.ref);
    const z = noise === null ? mu.ref : mu.ref.add(noise[name].mul(sigma.ref)); // Eq. 3
    sigma.dispose();
    joint.push(gate.ref.reshape([B, N, 1]).mul(z).sum(1)); // Eq. 6
    const kl = logVar.add(1).sub(mu.ref.mul(mu)).sub(sigma2.ref).mul(-0.5).mean(2); // Eq. 4: [B, N]
    add(
      kl
        .mul(mask)
        .sum()
        .mul(1 / (B * K)),
      ALPHA,
    );
    add(
      first
        .mean(0)
        .mul(gate.ref.mean(0))
        .sum()
        .mul(1 / N),
      BETA,
    ); // Eqs. 7-9
    add(
      gate
        .mul(sigma2.mean(2))
        .sum()
        .mul(1 / (B * N)),
      LAMBDA,
    ); // Eq. 10
  }
  const { head } = weights;
  const middle = nn.relu(np.matmul(np.concatenate(joint, 1), head[0].weight).add(head[0].bias));
  const prediction = np.matmul(middle, head[1].weight).add(head[1].bias);
  return np.square(prediction.sub(batch.labels)).mean().add(auxiliary); // Eqs. 11-12
}

/** Applies Adam. `rate` and `epsilon` include the bias corrections of the step. */
function adam(weights, m, v, gradient, rate, epsilon) {
  const flat = [weights, m, v, gradient].map((part) => tree.flatten(part));
  const [w, first, second, g] = flat.map(([leaves]) => leaves);
  const out = [[], [], []];
  w.forEach((weight, i) => {
    const newFirst = first[i].mul(0.9).add(g[i].ref.mul(0.1));
    const newSecond = second[i].mul(0.999).add(g[i].ref.mul(g[i]).mul(0.001));
    const update = newFirst.ref.mul(rate.ref).div(np.sqrt(newSecond.ref).add(epsilon.ref));
    out[0].push(weight.sub(update));
    out[1].push(newFirst);
    out[2].push(newSecond);
  });
  rate.dispose();
  epsilon.dispose();
  return out.map((leaves, i) => tree.unflatten(flat[i][1], leaves));
}

function draw(key) {
  const keys = random.split(key, names.length);
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      random.normal(i + 1 < names.length ? keys.ref.slice(i) : keys.slice(i), [B, N, H]),
    ]),
  );
}

const checkStep = jit((weights, m, v, batch, rate, epsilon) => {
  const [value, gradient] = valueAndGrad((w) => loss(w, tree.ref(batch), null))(tree.ref(weights));
  tree.dispose(batch);
  return [value, ...adam(weights, m, v, gradient, rate, epsilon)];
});

const trainStep = jit((weights, m, v, batch, rate, epsilon, key) => {
  const noise = draw(key);
  const [value, gradient] = valueAndGrad((w) => loss(w, tree.ref(batch), tree.ref(noise)))(tree.ref(weights));
  tree.dispose(batch);
  tree.dispose(noise);
  return [value, ...adam(weights, m, v, gradient, rate, epsilon)];
});

const zerosLike = (weights) => tree.map((leaf) => np.zeros(leaf.shape), weights);

function corrections(step) {
  const second = Math.sqrt(1 - 0.999 ** step);
  return [
    np.array([(learningRate * second) / (1 - 0.9 ** step)]).reshape([]),
    np.array([1e-8 * second]).reshape([]),
  ];
}

await init("wasm");
defaultDevice("wasm");
const batches = Array.from({ length: batchCount }, (_, b) =>
  Object.fromEntries([...names, "labels"].map((name) => [name, load(`batch/${b}/${name}`)])),
);

function start() {
  const weights = initialWeights();
  return { weights, m: zerosLike(weights), v: zerosLike(weights), step: 0 };
}

async function advance(state, sampling) {
  const batch = tree.ref(batches[state.step % batchCount]);
  state.step++;
  const [rate, epsilon] = corrections(state.step);
  const [value, weights, m, v] = sampling
    ? trainStep(state.weights, state.m, state.v, batch, rate, epsilon, random.key(state.step))
    : checkStep(state.weights, state.m, state.v, batch, rate, epsilon);
  Object.assign(state, { weights, m, v });
  await blockUntilReady(weights);
  return value;
}

let running;
await answerRequests(async ({ ask, steps }) => {
  if (ask === "versions") {
    const manifest = JSON.parse(
      readFileSync(new URL("node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
    );
    return { jaxJs: manifest.version };
  }
  if (ask === "check") {
    const state = start();
    const losses = [];
    for (let i = 0; i < steps; i++) losses.push((await advance(state, false)).js());
    return { losses };
  }
  const warmUp = running === undefined;
  running ??= start();
  if (warmUp) for (let i = 0; i < 3; i++) (await advance(running, true)).dispose();
  const ms = [];
  const cpu = cpuMs();
  for (let i = 0; i < steps; i++) {
    const from = performance.now();
    const value = await advance(running, true);
    ms.push(performance.now() - from);
    value.dispose();
  }
  return { ms, cpuMs: (cpuMs() - cpu) / steps };
});

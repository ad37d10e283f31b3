import { describe, expect, test } from "vitest";
import { defined } from "../core/defined.js";
import { foldIn, normalAt, randomKey, uniformAt } from "../core/random.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { ExpertLayer, type ExpertLayerOptions, type ExpertShifts } from "./expert-layer.js";
import { weightedSum } from "./losses/weighted-sum.js";
import { ParameterSet } from "./parameter-set.js";
import { modelBackends } from "./testing/backends.js";
import { fixtureValues } from "./testing/fixture-values.js";
import { gradientValues } from "./testing/gradients.js";

const [batch, inputs, count, seed, step] = [24, 5, 4, 3, 7];
const ordinary: ExpertLayerOptions = {
  hidden: 2,
  count,
  topK: count,
  run: "selected",
  gate: "paper",
  sampling: "never",
  logVarMin: -8,
  logVarMax: 5,
};
const sampleIndex = Int32Array.from({ length: batch }, (_, b) => 100 + b);
const x = fixtureValues("exploration/x", batch * inputs, 1);
const present = new Uint8Array(batch).fill(1).fill(0, 5, 6);

type Create = (typeof modelBackends)[number]["create"];

function build(create: Create, options: Partial<ExpertLayerOptions>) {
  const backend = create();
  const parameters = new ParameterSet(backend, 1);
  const layer = new ExpertLayer(parameters, "text", inputs, { ...ordinary, ...options });
  const forward = (training: boolean, shifts?: (tape: Tape) => ExpertShifts) => {
    const tape = new Tape(backend);
    const draws = { training, seed, step, sampleIndex };
    const mixture = layer.forward(tape, tape.constant(x, [batch, inputs]), present, draws, shifts?.(tape));
    return { tape, mixture, probabilities: mixture.probabilities.toArray() };
  };
  return { backend, parameters, forward };
}

/** Softmax of the numbers drawn for sample b in this step; undefined for one that does not explore. */
function explored(b: number, exploration: number): number[] | undefined {
  const key = foldIn(foldIn(randomKey(seed, "text/random-gate"), step), defined(sampleIndex[b]));
  if (uniformAt(key, count) >= exploration) return undefined;
  const powers = Array.from({ length: count }, (_, j) => Math.exp(normalAt(key, j)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

describe.each(modelBackends)("exploration on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 5 : 7; // drawn numbers are float32

  test("in training a share of the samples has the softmax of random numbers, the others have Eq. 5", () => {
    const learned = build(create, {}).forward(true).probabilities;
    const mixed = build(create, { exploration: 0.5 }).forward(true).probabilities;
    let random = 0;
    for (let b = 0; b < batch; b++) {
      if (present[b] === 0) continue;
      const own = explored(b, 0.5);
      random += own ? 1 : 0;
      const expected = own ?? learned.slice(b * count, (b + 1) * count);
      expected.forEach((value, j) => {
        expect(mixed[b * count + j]).toBeCloseTo(value, digits);
      });
    }
    expect(random).toBeGreaterThan(6);
    expect(random).toBeLessThan(18);
  });

  test("at evaluation the router decides for all samples", () => {
    const learned = build(create, {}).forward(false).probabilities;
    expect(build(create, { exploration: 0.9 }).forward(false).probabilities).toEqual(learned);
  });

  test("a shift of the gate changes the samples that do not explore, and only them", () => {
    const shift = (tape: Tape): ExpertShifts => ({
      gateShift: tape.constant(fixtureValues("exploration/shift", batch * count, 1), [batch, count]),
    });
    const plain = build(create, { exploration: 0.5 }).forward(true).probabilities;
    const shifted = build(create, { exploration: 0.5 }).forward(true, shift).probabilities;
    for (let b = 0; b < batch; b++) {
      if (present[b] === 0) continue;
      const changed = Math.abs(defined(plain[b * count]) - defined(shifted[b * count])) > 1e-6;
      expect(changed).toBe(explored(b, 0.5) === undefined);
    }
  });

  test("random gates stay random if the variances are shifted", () => {
    const shift = (tape: Tape): ExpertShifts => ({
      logVarShift: tape.constant(new Float32Array(batch * count).fill(1), [batch, count]),
      gateShift: undefined,
    });
    const random = build(create, { gate: "random" });
    const plain = random.forward(true).probabilities;
    expect(random.forward(true, shift).probabilities).toEqual(plain);
    expect(new Set(plain).size).toBeGreaterThan(batch);
  });
});

test("gradients of router and experts equal central differences while samples explore", () => {
  const { backend, parameters, forward } = build(() => createReferenceBackend(), {
    exploration: 0.5,
    topK: 2,
  });
  const weights = fixtureValues("exploration/weights", batch * 2, 1);
  const lossOf = () => {
    const { tape, mixture } = forward(true);
    return { tape, loss: weightedSum(tape, mixture.h, weights) };
  };
  const { tape, loss } = lossOf();
  tape.backward(loss);
  const names = ["text/router/weight", "text/router/bias", "text/experts/weight"];
  const found = names.map((name) => {
    const parameter = parameters.get(name);
    return { values: parameter.buffer.view, slopes: defined(gradientValues(backend, parameter)) };
  });
  for (const { values, slopes } of found) {
    expect(Math.max(...slopes.map(Math.abs))).toBeGreaterThan(1e-3);
    slopes.slice(0, 24).forEach((slope, i) => {
      const kept = defined(values[i]);
      const at = (value: number): number => {
        values[i] = value;
        return lossOf().loss.item();
      };
      const numeric = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
      values[i] = kept;
      expect(slope).toBeCloseTo(numeric, 6);
    });
  }
});

test("plain variances start at 1 for every input", () => {
  const { forward } = build(() => createReferenceBackend(), { plainVariances: true });
  const { sigma2 } = forward(false).mixture;
  expect(new Set(sigma2.toArray())).toEqual(new Set([0, 1])); // 0 for the absent sample
});

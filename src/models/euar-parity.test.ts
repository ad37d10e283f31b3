import { expect, test } from "vitest";
import { Adam } from "../nn/optim/adam.js";
import { modelBackends } from "../nn/testing/backends.js";
import { gradientValues } from "../nn/testing/gradients.js";
import { Tape } from "../tensor/tape.js";
import { createEuar } from "./euar.js";
import {
  parityBatch,
  readParityFixture,
  setParityParameters,
  signatureOf,
} from "./testing/parity-fixture.js";

const fixtures = [
  "paper",
  "paper-heavy",
  "missing",
  "add-classes",
  "all-experts",
  "narrow-clamp",
  "official-code",
  "sequence",
  "sequence-post",
];

/** Largest |a - b| over max(floor, largest |b|): relative to the scale of the array. */
function relativeToScale(a: readonly number[], b: readonly number[], floor: number): number {
  expect(a.length).toBe(b.length);
  const scale = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), floor);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN)) / scale), 0);
}

/** Tolerances: for float32, and for float64 against eight written digits. */
const limits = {
  wasm: { forward: 1e-5, gradient: 1e-4, losses: 1e-4 },
  reference: { forward: 1e-7, gradient: 1e-6, losses: 1e-7 },
};

for (const { name: backendName, create } of modelBackends) {
  const limit = backendName === "wasm" ? limits.wasm : limits.reference;
  for (const name of fixtures) {
    const fixture = readParityFixture(name);
    const { case: spec, results } = fixture;

    test(`parity with PyTorch, ${name}, ${backendName}: prediction, losses (Eq. 12), all gradients`, () => {
      const backend = create();
      const model = createEuar(signatureOf(fixture), spec.config, backend, 1);
      setParityParameters(model.parameters.all());
      const tape = new Tape(backend);
      const { prediction, losses } = model.forward(tape, parityBatch(fixture, 0), {
        training: true,
        seed: spec.seed,
        step: 0,
      });
      expect(relativeToScale(prediction.toArray(), results.prediction, 1)).toBeLessThan(limit.forward);
      if (!losses) throw new Error("no losses");
      const values = {
        total: losses.total.item(),
        ...Object.fromEntries(Object.entries(losses.parts).map(([key, part]) => [key, part.item()])),
      };
      expect(Object.keys(values).sort()).toEqual(Object.keys(results.losses).sort());
      for (const [key, value] of Object.entries(values)) {
        expect(relativeToScale([value], [results.losses[key] ?? NaN], 1e-3), key).toBeLessThan(limit.forward);
      }

      tape.backward(losses.total);
      const found: string[] = [];
      for (const parameter of model.parameters.all()) {
        const gradient = gradientValues(backend, parameter);
        if (gradient === undefined) continue;
        found.push(parameter.name);
        expect(
          relativeToScale(gradient, results.gradients[parameter.name] ?? [], 1e-4),
          parameter.name,
        ).toBeLessThan(limit.gradient);
      }
      expect(found.sort()).toEqual(Object.keys(results.gradients).sort());
    });

    test(`parity with PyTorch, ${name}, ${backendName}: prediction at evaluation`, () => {
      const backend = create();
      const model = createEuar(signatureOf(fixture), spec.config, backend, 1);
      setParityParameters(model.parameters.all());
      const context = { training: false, seed: spec.seed, step: 0 };
      const { prediction } = model.forward(new Tape(backend, false), parityBatch(fixture, 0), context);
      expect(relativeToScale(prediction.toArray(), results.evaluated, 1)).toBeLessThan(limit.forward);
    });

    test(`parity with PyTorch, ${name}, ${backendName}: the first ten losses of a run with Adam`, () => {
      const backend = create();
      const model = createEuar(signatureOf(fixture), spec.config, backend, 1);
      setParityParameters(model.parameters.all());
      const optimiser = new Adam(model.parameters, { kind: "adam", weightDecay: 0 });
      const totals = results.firstLosses.map((_, step) => {
        const tape = new Tape(backend);
        const { losses } = model.forward(tape, parityBatch(fixture, step), {
          training: true,
          seed: spec.seed,
          step,
        });
        if (!losses) throw new Error("no losses");
        tape.backward(losses.total);
        const total = losses.total.item();
        optimiser.step(1e-2);
        backend.endStep();
        return total;
      });
      expect(relativeToScale(totals, results.firstLosses, 1)).toBeLessThan(limit.losses);
    });
  }
}

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "../../tensor/backend.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { ParameterSet } from "../parameter-set.js";
import { Adam } from "./adam.js";
import { clippingFactor, firstBrokenGradient, globalGradientNorm } from "./gradient-norm.js";
import { initialPlateau, learningRateAt, plateauAfter, type ScheduleOptions } from "./schedule.js";
import { WeightAverage } from "./weight-average.js";

interface Step {
  readonly x: number[];
  readonly dout: number[];
  readonly owner: number[];
  readonly plainGradient: number[];
  readonly norm: number;
  readonly plain: number[];
  readonly experts: number[];
  readonly biases: number[];
}
interface Case {
  readonly kind: "adam" | "adamw";
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly learningRate: number;
  readonly initial: { readonly plain: number[]; readonly experts: number[]; readonly biases: number[] };
  readonly steps: readonly Step[];
}
interface Fixture {
  readonly inputs: number;
  readonly outputs: number;
  readonly experts: number;
  readonly optimisers: readonly Case[];
  readonly plateaus: readonly {
    readonly patience: number;
    readonly factor: number;
    readonly losses: number[];
    readonly rates: number[];
  }[];
  readonly cosine: { readonly total: number; readonly rates: number[] };
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/optim.json", import.meta.url), "utf8"),
) as Fixture;
const { inputs, outputs, experts } = fixture;

function floats(backend: Backend, values: readonly number[]): FloatBuffer {
  const buffer = backend.scratch(values.length);
  buffer.view.set(values);
  return buffer;
}

function ints(backend: Backend, values: readonly number[]): IntBuffer {
  const buffer = backend.scratchInts(values.length);
  buffer.view.set(values);
  return buffer;
}

/** Pairs sorted by expert, one slot per row, and the gradient rows in that order. */
function dispatchOf(backend: Backend, step: Step): { dispatch: Dispatch; dout: FloatBuffer } {
  const rows = step.owner
    .map((_, row) => row)
    .sort((a, b) => (step.owner[a] ?? 0) - (step.owner[b] ?? 0) || a - b);
  const offsets = Array.from(
    { length: experts + 1 },
    (_, e) => step.owner.filter((owner) => owner < e).length,
  );
  const dout = rows.flatMap((row) => step.dout.slice(row * outputs, (row + 1) * outputs));
  const dispatch: Dispatch = {
    experts,
    pairs: rows.length,
    offsets: ints(backend, offsets),
    rows: ints(backend, rows),
    slots: ints(
      backend,
      rows.map(() => 0),
    ),
    pairOf: ints(
      backend,
      rows.map((_, row) => rows.indexOf(row)),
    ),
  };
  return { dispatch, dout: floats(backend, dout) };
}

function createParameters(backend: Backend, initial?: Case["initial"]): ParameterSet {
  const parameters = new ParameterSet(backend, 1);
  const init = { kind: "normal", std: 1 } as const;
  parameters.create("plain", [inputs, outputs], { init }).buffer.view.set(initial?.plain ?? []);
  parameters
    .create("experts", [experts, inputs, outputs], { init, groups: experts })
    .buffer.view.set(initial?.experts ?? []);
  parameters
    .create("biases", [experts, outputs], { init, groups: experts })
    .buffer.view.set(initial?.biases ?? []);
  return parameters;
}

/** Sets a step's gradients on the parameters. Those of experts are factored or dense. */
function setGradients(parameters: ParameterSet, step: Step, form: "factored" | "dense"): void {
  const { backend } = parameters;
  const { dispatch, dout } = dispatchOf(backend, step);
  const x = floats(backend, step.x);
  parameters.get("plain").gradient = { kind: "dense", buffer: floats(backend, step.plainGradient) };
  if (form === "factored") {
    parameters.get("experts").gradient = { kind: "factored", x, dout, dispatch, inputs, outputs };
  } else {
    const buffer = floats(backend, new Array<number>(experts * inputs * outputs).fill(0));
    backend.groupedWeightGradient(x, dout, dispatch, inputs, outputs, buffer);
    parameters.get("experts").gradient = { kind: "dense", buffer, active: dispatch };
  }
  const bias = floats(backend, new Array<number>(experts * outputs).fill(0));
  backend.groupedBiasGradient(dout, dispatch, outputs, bias);
  parameters.get("biases").gradient = { kind: "dense", buffer: bias, active: dispatch };
}

function expectClose(parameters: ParameterSet, name: string, expected: readonly number[]): void {
  const got = [...parameters.get(name).buffer.view];
  expected.forEach((value, i) => {
    expect(got[i], `${name}[${i}]`).toBeCloseTo(value, 10);
  });
}

describe.each(["factored", "dense"] as const)("Adam with %s expert gradients equals PyTorch", (form) => {
  it.each(fixture.optimisers)("$kind, decay $weightDecay, clip $clipNorm", (expected) => {
    const backend = createReferenceBackend({ poison: true });
    const parameters = createParameters(backend, expected.initial);
    const adam = new Adam(parameters, expected);
    for (const step of expected.steps) {
      setGradients(parameters, step, form);
      const norm = globalGradientNorm(backend, parameters.all());
      expect(norm).toBeCloseTo(step.norm, 10);
      adam.step(expected.learningRate, expected.clipNorm > 0 ? clippingFactor(norm, expected.clipNorm) : 1);
      backend.endStep();
      expectClose(parameters, "plain", step.plain);
      expectClose(parameters, "experts", step.experts);
      expectClose(parameters, "biases", step.biases);
    }
  });
});

describe("Adam's state", () => {
  const firstCase = fixture.optimisers[1];
  if (!firstCase) throw new Error("the fixture has no cases");

  it("gives the same bits after a restore", () => {
    const run = (restoreAt: number): number[] => {
      const backend = createReferenceBackend();
      const parameters = createParameters(backend, firstCase.initial);
      let adam = new Adam(parameters, firstCase);
      firstCase.steps.forEach((step, i) => {
        if (i === restoreAt) {
          const saved = adam.snapshot();
          adam = new Adam(parameters, firstCase);
          adam.restore(saved);
        }
        setGradients(parameters, step, "factored");
        adam.step(0.05);
        backend.endStep();
      });
      return parameters.all().flatMap((parameter) => [...parameter.buffer.view]);
    };
    expect(run(3)).toEqual(run(-1));
  });

  it("does not change parameters without a gradient", () => {
    const parameters = createParameters(createReferenceBackend(), firstCase.initial);
    new Adam(parameters, firstCase).step(0.05);
    expectClose(parameters, "plain", firstCase.initial.plain);
    expectClose(parameters, "experts", firstCase.initial.experts);
  });

  it("spares biases from decay", () => {
    const backend = createReferenceBackend();
    const parameters = new ParameterSet(backend, 1);
    for (const [name, decays] of [
      ["weight", true],
      ["bias", false],
    ] as const) {
      const parameter = parameters.create(name, [1], { init: { kind: "constant", value: 2 }, decays });
      parameter.gradient = { kind: "dense", buffer: floats(backend, [0]) };
    }
    new Adam(parameters, { kind: "adamw", weightDecay: 0.5 }).step(0.1);
    expect([...parameters.get("weight").buffer.view]).toEqual([2 * (1 - 0.05)]);
    expect([...parameters.get("bias").buffer.view]).toEqual([2]);
  });

  it("refuses a snapshot of another model", () => {
    const adam = new Adam(createParameters(createReferenceBackend()), firstCase);
    expect(() => {
      adam.restore(new Map());
    }).toThrow(/no moments of 6 values for parameter "plain"/);
  });
});

it("finds the parameter with a broken gradient", () => {
  const backend = createReferenceBackend();
  const parameters = createParameters(backend);
  const step = fixture.optimisers[0]?.steps[0];
  if (!step) throw new Error("the fixture has no steps");
  setGradients(parameters, step, "factored");
  expect(firstBrokenGradient(backend, parameters.all())).toBeUndefined();
  const gradient = parameters.get("experts").gradient;
  if (gradient?.kind !== "factored") throw new Error("expected a factored gradient");
  gradient.dout.view[3] = NaN;
  expect(firstBrokenGradient(backend, parameters.all())?.name).toBe("experts");
});

describe("schedules", () => {
  const base: ScheduleOptions = {
    schedule: "constant",
    learningRate: 0.1,
    warmupSteps: 0,
    totalSteps: 10,
    plateauPatience: 2,
    plateauFactor: 0.9,
  };

  it.each(fixture.plateaus)(
    "plateau with patience $patience equals ReduceLROnPlateau",
    ({ patience, factor, losses, rates }) => {
      const options: ScheduleOptions = {
        ...base,
        schedule: "plateau",
        plateauPatience: patience,
        plateauFactor: factor,
      };
      let state = initialPlateau;
      losses.forEach((loss, i) => {
        state = plateauAfter(state, loss, options);
        expect(learningRateAt(options, state, i)).toBeCloseTo(rates[i] ?? NaN, 12);
      });
    },
  );

  it("cosine equals CosineAnnealingLR", () => {
    fixture.cosine.rates.forEach((rate, step) => {
      expect(
        learningRateAt(
          { ...base, schedule: "cosine", totalSteps: fixture.cosine.total },
          initialPlateau,
          step,
        ),
      ).toBeCloseTo(rate, 12);
    });
  });

  it("warms up linearly, then runs the cosine to zero", () => {
    const options: ScheduleOptions = { ...base, schedule: "cosine", warmupSteps: 4, totalSteps: 10 };
    const rates = Array.from({ length: 11 }, (_, step) => learningRateAt(options, initialPlateau, step));
    expect(rates.slice(0, 5)).toEqual(
      [0.025, 0.05, 0.1 * 0.75, 0.1, 0.1].map((rate, i) => (i === 2 ? (0.1 * 3) / 4 : rate)),
    );
    expect(rates[10]).toBeCloseTo(0, 12);
  });
});

describe("weight average", () => {
  it("follows the weights and puts them back after use", () => {
    const backend = createReferenceBackend();
    const parameters = new ParameterSet(backend, 1);
    const weight = parameters.create("w", [2], { init: { kind: "constant", value: 1 } });
    const average = new WeightAverage(parameters, 0.5);
    weight.buffer.view.fill(3);
    average.update(100); // past the warm-up: 0.5 * 1 + 0.5 * 3
    expect(average.during(() => [...weight.buffer.view])).toEqual([2, 2]);
    expect([...weight.buffer.view]).toEqual([3, 3]);
    const saved = average.snapshot();
    average.update(100);
    average.restore(saved);
    expect(average.during(() => [...weight.buffer.view])).toEqual([2, 2]);
  });

  it("trusts the first steps more than the initial weights", () => {
    const parameters = new ParameterSet(createReferenceBackend(), 1);
    const weight = parameters.create("w", [1], { init: { kind: "constant", value: 0 } });
    const average = new WeightAverage(parameters, 0.999);
    weight.buffer.view.fill(1);
    average.update(0); // d = 1/10
    expect(average.during(() => weight.buffer.view[0])).toBeCloseTo(0.9, 12);
  });
});

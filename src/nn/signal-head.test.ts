import { describe, expect, test } from "vitest";
import { ShapeError } from "../core/errors.js";
import { normalAt, randomKey } from "../core/random.js";
import { add } from "../tensor/ops/elementwise.js";
import { Tape } from "../tensor/tape.js";
import { weightedSum } from "./losses/weighted-sum.js";
import { ParameterSet } from "./parameter-set.js";
import { LARGEST_DEVIATION } from "./input-statistics.js";
import { SignalHead, STRANGENESS_UNIT } from "./signal-head.js";
import { signalStatistics, statisticsOf } from "./signal-statistics.js";
import { modelBackends } from "./testing/backends.js";
import { gradientValues } from "./testing/gradients.js";

const width = 8;
const rows = Float32Array.from({ length: 60 * width }, (_, i) => 5 + 2 * normalAt(randomKey(6, "rows"), i));
const inputs = rows.map((value, i) => (i < width ? value : 3 * value)).subarray(0, 3 * width);

describe.each(modelBackends)("the signal head on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 4 : 9;

  function build() {
    const backend = create();
    const parameters = new ParameterSet(backend, 1);
    const head = new SignalHead(parameters, "signals", width, {
      hidden: 3,
      experts: 2,
      gated: true,
      dropout: 0.5,
    });
    head.fit(rows);
    const values = (part: string): number[] => Array.from(parameters.get(`signals/${part}`).buffer.view);
    const forward = (x: ArrayLike<number>, present = [1, 1, 1], training = false) => {
      const tape = new Tape(backend);
      const draws = { training, seed: 1, step: 0, sampleIndex: Int32Array.from(present, (_, b) => b) };
      const {
        anomaly,
        logVarShift: shift,
        gateShift: gate,
      } = head.forward(tape, tape.constant(x, [x.length / width, width]), present, draws);
      if (!shift || !gate) throw new Error("two shifts");
      return { tape, anomaly, shift, gate };
    };
    return { backend, parameters, values, forward };
  }

  test("signal head: 10 relu(f V^2 + b) W^2 for all experts and f G for the gate", () => {
    const { values, forward } = build();
    const { anomaly, shift, gate: gateShift } = forward(inputs);
    const [found, gate] = [shift.toArray(), gateShift.toArray()];
    expect(found).toEqual(Array.from(anomaly.toArray()).flatMap((one) => [one, one]));
    const [mean, deviation, basis, variance, median, unit] = [
      "mean",
      "deviation",
      "basis",
      "variance",
      "median",
      "unit",
    ].map((part) => values(`fitted/${part}`));
    if (!mean || !deviation || !basis || !variance || !median || !unit) throw new Error("six constants");
    const [v, b, w, g] = [
      values("in/weight"),
      values("in/bias"),
      values("out/weight"),
      values("gate/weight"),
    ];
    for (let row = 0; row < 3; row++) {
      const z = Float64Array.from(
        { length: width },
        (_, d) => ((inputs[row * width + d] ?? NaN) - (mean[d] ?? NaN)) / (deviation[d] ?? NaN),
      );
      const along = Float64Array.from(variance, (_, r) =>
        z.reduce((sum, value, d) => sum + value * (basis[2 * d + r] ?? NaN), 0),
      );
      const explained = z.map((_, d) =>
        along.reduce((sum, part, r) => sum + part * (basis[2 * d + r] ?? NaN), 0),
      );
      const far = Array.from(
        statisticsOf({ z, along, explained }, variance),
        (value, s) => (value - (median[s] ?? NaN)) / (unit[s] ?? NaN),
      );
      const each = [...far, ...far.map((r) => -r)].map((r) =>
        Math.log1p(Math.min(Math.max(r, 0), LARGEST_DEVIATION)),
      );
      const f = [...each, Math.max(...each)];
      const hidden = [0, 1, 2].map((h) =>
        Math.max(
          0,
          f.reduce((sum, value, i) => sum + value * (v[3 * i + h] ?? NaN) ** 2, b[h] ?? NaN),
        ),
      );
      [0, 1].forEach((j) => {
        expect(found[2 * row + j]).toBeCloseTo(
          STRANGENESS_UNIT * hidden.reduce((sum, value, h) => sum + value * (w[h] ?? NaN) ** 2, 0),
          digits,
        );
        expect(gate[2 * row + j]).toBeCloseTo(
          f.reduce((sum, value, i) => sum + value * (g[2 * i + j] ?? NaN), 0),
          digits,
        );
      });
    }
  });

  test("signal head: fitted to the training data's moments, medians and median absolute deviations", () => {
    const { values } = build();
    const column = Array.from({ length: 60 }, (_, n) => rows[n * width + 2] ?? NaN);
    const mean = column.reduce((sum, value) => sum + value, 0) / 60;
    expect(values("fitted/mean")[2]).toBeCloseTo(mean, 4);
    expect(values("fitted/deviation")[2]).toBeCloseTo(
      Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 60),
      4,
    );
    const [means, deviations] = [values("fitted/mean"), values("fitted/deviation")];
    const sizes = Array.from(
      { length: 60 },
      (_, n) =>
        Array.from({ length: width }, (_, d) =>
          Math.abs(((rows[n * width + d] ?? NaN) - (means[d] ?? NaN)) / (deviations[d] ?? NaN)),
        ).reduce((sum, one) => sum + one, 0) / width,
    );
    const median = (of: readonly number[]): number => {
      const sorted = [...of].sort((a, b) => a - b);
      return ((sorted[29] ?? NaN) + (sorted[30] ?? NaN)) / 2;
    };
    expect(values("fitted/median")[0]).toBeCloseTo(median(sizes), 4);
    expect(values("fitted/unit")[0]).toBeCloseTo(
      1.4826 * median(sizes.map((size) => Math.abs(size - median(sizes)))),
      4,
    );
  });

  test("signal head: a more unusual input never has less variance; a usual input has the least", () => {
    const { forward } = build();
    const at = (scale: number): number[] =>
      forward(
        rows.subarray(0, width).map((value) => 5 + scale * (value - 5)),
        [1],
      ).shift.toArray();
    const [ordinary, strange, stranger] = [1, 6, 60].map(at);
    [0, 1].forEach((j) => {
      expect(ordinary?.[j]).toBeGreaterThanOrEqual(0);
      expect(strange?.[j]).toBeGreaterThan(ordinary?.[j] ?? NaN);
      expect(stranger?.[j]).toBeGreaterThan(strange?.[j] ?? NaN);
    });
    expect(at(1e30).every(Number.isFinite)).toBe(true);
  });

  test("signal head: in training the variance sees statistics with dropout, the gate without", () => {
    const { forward } = build();
    const same = Float32Array.from({ length: 40 * width }, (_, i) => inputs[2 * width + (i % width)] ?? NaN);
    const everyone = new Array<number>(40).fill(1);
    const [evaluated, trained] = [forward(same, everyone), forward(same, everyone, true)];
    expect(new Set(evaluated.anomaly.toArray()).size).toBe(1);
    expect(new Set(trained.anomaly.toArray()).size).toBeGreaterThan(30);
    expect(trained.anomaly.toArray()).toEqual(forward(same, everyone, true).anomaly.toArray());
    expect(trained.gate.toArray()).toEqual(evaluated.gate.toArray());
  });

  test("signal head: its gradients agree with finite differences; fitted constants have none", () => {
    const { backend, parameters, forward } = build();
    const weights = [1, -2, 0.5, 1, 3, -1];
    const first = forward(inputs);
    first.tape.backward(
      add(
        first.tape,
        weightedSum(first.tape, first.shift, weights),
        weightedSum(first.tape, first.gate, weights),
      ),
    );
    const gradients = new Map(
      parameters.all().map((parameter) => [parameter.name, gradientValues(backend, parameter)]),
    );
    const step = name === "wasm" ? 1e-2 : 1e-5;
    for (const parameter of parameters.all()) {
      const gradient = gradients.get(parameter.name);
      if (parameter.name.includes("/fitted/")) expect(gradient, parameter.name).toBeUndefined();
      else {
        for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 7))) {
          const start = parameter.buffer.view[i] ?? NaN;
          const at = (value: number): number => {
            parameter.buffer.view[i] = value;
            const { shift, gate } = forward(inputs);
            return [...shift.toArray(), ...gate.toArray()].reduce(
              (sum, one, k) => sum + one * (weights[k % weights.length] ?? NaN),
              0,
            );
          };
          const numeric = (at(start + step) - at(start - step)) / (2 * step);
          parameter.buffer.view[i] = start;
          expect(gradient?.[i], `${parameter.name}[${i}]`).toBeCloseTo(numeric, name === "wasm" ? 1 : 5);
        }
      }
    }
  });

  test("signal head: absent samples have zero features; a wrong width is refused", () => {
    const { forward } = build();
    const wild = inputs.map((value, i) => (i < width ? 9e9 : value));
    expect(forward(wild, [0, 1, 1]).shift.toArray().slice(2)).toEqual(
      forward(inputs).shift.toArray().slice(2),
    );
    expect(forward(wild, [0, 1, 1]).shift.toArray().slice(0, 2)).toEqual([0, 0]);
    const { parameters } = build();
    const tape = new Tape(parameters.backend);
    const other = new SignalHead(parameters, "other", 5, { hidden: 3, experts: 2, gated: false, dropout: 0 });
    expect(() =>
      other.forward(tape, tape.constant(new Float32Array(8), [1, 8]), [1], {
        training: false,
        seed: 1,
        step: 0,
        sampleIndex: Int32Array.of(0),
      }),
    ).toThrow(ShapeError);
  });

  test("signal head: uses an evenly spaced sample of many rows", () => {
    const parameters = new ParameterSet(create(), 1);
    const head = new SignalHead(parameters, "signals", 2, {
      hidden: 3,
      experts: 2,
      gated: false,
      dropout: 0,
    });
    head.fit(Float32Array.from({ length: 20_000 }, (_, i) => Math.floor(i / 2) / 100));
    expect(parameters.get("signals/fitted/mean").buffer.view[0]).toBeCloseTo(50, 0);
    expect(signalStatistics).toHaveLength(14);
  });
});

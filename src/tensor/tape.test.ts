import { describe, expect, it } from "vitest";
import type { Backend } from "./backend.js";
import { add, mul, scale } from "./ops/elementwise.js";
import { linear } from "./ops/linear.js";
import { matmul } from "./ops/matmul.js";
import { sum } from "./ops/reductions.js";
import { reshape } from "./ops/shape-ops.js";
import { exp, square, tanh } from "./ops/unary.js";
import { Tape } from "./tape.js";
import { Parameter, type Shape, sizeOf, type Tensor } from "./tensor.js";
import { largestDifference, testBackends } from "./testing/backends.js";
import { dispatchOf, filled, floats, normals, read } from "./testing/kernel-inputs.js";

function parameterOf(backend: Backend, name: string, shape: Shape, groups = 1): Parameter {
  const buffer = backend.persistent(sizeOf(shape));
  buffer.view.set(normals(name, buffer.size));
  return new Parameter(name, shape, buffer, groups, true);
}

function denseGradient(backend: Backend, parameter: Parameter): number[] {
  const gradient = parameter.gradient;
  if (!gradient) return [];
  if (gradient.kind === "dense") return read(gradient.buffer);
  const dense = filled(backend, parameter.size);
  if (gradient.kind === "rows") {
    backend.scatterAddRows(gradient.values, gradient.width, gradient.rows, gradient.count, dense);
    return read(dense);
  }
  backend.groupedWeightGradient(
    gradient.x,
    gradient.dout,
    gradient.dispatch,
    gradient.inputs,
    gradient.outputs,
    dense,
  );
  return read(dense);
}

describe.each(testBackends)("the tape on $name", ({ create, tolerance }) => {
  const backend = create();
  const gradient = (x: Tensor): number[] => Array.from(x.gradient?.view ?? []);

  it("sums the gradients of several paths to a tensor", () => {
    const tape = new Tape(backend);
    const x = tape.variable([1, -2, 3], [3]);
    const y = square(tape, x);
    const z = add(tape, mul(tape, y, x), add(tape, y, x)); // x^3 + x^2 + x
    tape.backward(sum(tape, z));
    expect(gradient(x)).toEqual([6, 9, 34]);
    backend.endStep();
  });

  it("goes through an operation once however many consumers its output has", () => {
    const tape = new Tape(backend);
    const x = tape.variable([2], [1]);
    let y = x;
    for (let i = 0; i < 20; i++) y = add(tape, y, y); // 2^20 paths
    tape.backward(sum(tape, y));
    expect(gradient(x)).toEqual([2 ** 20]);
    backend.endStep();
  });

  it("gives an operand that appears twice both contributions", () => {
    const tape = new Tape(backend);
    const x = tape.variable([3, 4], [2]);
    const m = tape.variable([1, 2, 3, 4], [2, 2]);
    tape.backward(sum(tape, add(tape, mul(tape, x, x), matmul(tape, m, m)))); // the row of x is repeated
    expect(gradient(x)).toEqual([12, 16]);
    expect(gradient(m)).toEqual([7, 11, 9, 13]);
    backend.endStep();
  });

  it("gives no gradient to tensors that the loss does not depend on", () => {
    const tape = new Tape(backend);
    const x = tape.variable([1], [1]);
    const unused = tape.variable([1], [1]);
    exp(tape, unused);
    tape.backward(sum(tape, scale(tape, x, 2)));
    expect(unused.gradient).toBeUndefined();
    expect(gradient(x)).toEqual([2]);
    backend.endStep();
  });

  it("records nothing if recording is off", () => {
    const tape = new Tape(backend, false);
    const weight = parameterOf(backend, "w", [2, 3]);
    const x = tape.variable([1, 2], [1, 2]);
    const y = sum(tape, tanh(tape, linear(tape, x, tape.parameter(weight))));
    expect([x.requiresGradient, y.requiresGradient, tape.parameter(weight).requiresGradient]).toEqual([
      false,
      false,
      false,
    ]);
    expect(() => {
      tape.backward(y);
    }).toThrow(/does not record/);
    expect(weight.gradient).toBeUndefined();
    backend.endStep();
  });

  it("differentiates scalars only", () => {
    const tape = new Tape(backend);
    const x = tape.variable([1, 2], [2]);
    expect(() => {
      tape.backward(x);
    }).toThrow(/one element, got shape \[2\]/);
    backend.endStep();
  });

  it("rejects values that do not fill the shape", () => {
    expect(() => new Tape(backend).constant([1, 2, 3], [2, 2])).toThrow(
      /3 values do not fill shape \[2, 2\]/,
    );
  });

  describe("a linear layer's weight", () => {
    const x = normals("x", 15);
    const weights = normals("w", 21);
    const cotangent = normals("c", 15);

    /** Gradient of the weight [3, 7] used `times` times in one loss, as a plain tensor and as a parameter. */
    function both(
      times: number,
      alsoDense: boolean,
    ): { tensor: number[]; parameter: number[]; kind: string | undefined } {
      const build = (tape: Tape, weight: Tensor): Tensor => {
        let loss = sum(tape, tape.constant([0], [1]));
        for (let t = 0; t < times; t++) {
          const input = tape.constant(
            x.map((v) => v * (t + 1)),
            [5, 3],
          );
          loss = add(tape, loss, sum(tape, square(tape, linear(tape, input, weight))));
        }
        return alsoDense
          ? add(tape, loss, sum(tape, matmul(tape, tape.constant(cotangent, [5, 3]), weight)))
          : loss;
      };
      const tape = new Tape(backend);
      const variable = tape.variable(weights, [3, 7]);
      tape.backward(build(tape, variable));
      const parameter = parameterOf(backend, "w", [3, 7]);
      const other = new Tape(backend);
      other.backward(build(other, other.parameter(parameter)));
      const result = {
        tensor: gradient(variable),
        parameter: denseGradient(backend, parameter),
        kind: parameter.gradient?.kind,
      };
      backend.endStep();
      return result;
    }

    it.each([
      [1, false, "factored"],
      [2, false, "dense"],
      [3, false, "dense"],
      [1, true, "dense"],
      [2, true, "dense"],
    ])(
      "used %i times (and in a matrix product: %s) has a %s gradient equal to a plain tensor's",
      (times, alsoDense, kind) => {
        const result = both(times, alsoDense);
        expect(result.kind).toBe(kind);
        expect(largestDifference(result.parameter, result.tensor)).toBeLessThan(10 * tolerance);
        expect(result.tensor.some((v) => Math.abs(v) > 0.1)).toBe(true);
      },
    );

    it("has the gradient of the factors for any leading axes", () => {
      const parameter = parameterOf(backend, "w", [3, 7]);
      const run = (shape: Shape): number[] => {
        const tape = new Tape(backend);
        const output = linear(tape, tape.constant(normals("lead", 12), shape), tape.parameter(parameter));
        tape.backward(sum(tape, square(tape, reshape(tape, output, [output.size]))));
        const result = denseGradient(backend, parameter);
        backend.endStep();
        return result;
      };
      expect(run([2, 2, 3])).toEqual(run([4, 3]));
    });
  });

  it("starts each step without gradients of the previous step", () => {
    const weight = parameterOf(backend, "w", [2, 1]);
    const step = (): number[] => {
      const tape = new Tape(backend);
      tape.backward(sum(tape, linear(tape, tape.constant([1, 2], [1, 2]), tape.parameter(weight))));
      const result = denseGradient(backend, weight);
      backend.endStep();
      return result;
    };
    expect(step()).toEqual([1, 2]);
    expect(step()).toEqual([1, 2]);
  });

  describe("the gradient of grouped biases", () => {
    it("names the experts with a gradient, until another contribution reaches all of them", () => {
      const bias = parameterOf(backend, "b", [3, 2], 3);
      const tape = new Tape(backend);
      const leaf = tape.parameter(bias);
      const dispatch = dispatchOf(backend, [[0], [2], [0]], 3);
      tape.addGroupedBiasGradient(leaf, floats(backend, [1, 2, 3, 4, 5, 6]), dispatch, 2);
      expect(bias.gradient?.kind === "dense" && bias.gradient.active).toBe(dispatch);
      expect(denseGradient(backend, bias)).toEqual([4, 6, 0, 0, 5, 6]);
      tape.backward(sum(tape, leaf));
      expect(bias.gradient?.kind === "dense" && bias.gradient.active).toBeUndefined();
      expect(denseGradient(backend, bias)).toEqual([5, 7, 1, 1, 6, 7]);
      backend.endStep();
    });
  });

  it("runs the rule of an operation with several outputs once, with zeros for missing gradients", () => {
    const tape = new Tape(backend);
    const x = tape.variable([1, 2], [2]);
    const [double, unused] = [tape.output([2], [x]), tape.output([2], [x])];
    backend.affine(x.buffer, 2, 0, double.buffer);
    backend.affine(x.buffer, 5, 0, unused.buffer);
    let runs = 0;
    tape.recordJoint([double, unused], () => {
      runs += 1;
      backend.addScaled(tape.gradientOf(double), 2, tape.gradientOf(x));
      backend.addScaled(tape.gradientOf(unused), 5, tape.gradientOf(x));
    });
    tape.backward(sum(tape, double));
    expect(runs).toBe(1);
    expect(gradient(x)).toEqual([2, 2]);
    backend.endStep();
  });
});

import { createReferenceBackend } from "../backends/reference/index.js";
import { Tape } from "../tape.js";
import type { Shape, Tensor } from "../tensor.js";
import { type ArrayValue, runOperation } from "./run-operation.js";

/** Difference of the two derivatives of one input element. */
export interface GradientDifference {
  readonly input: number;
  readonly element: number;
  readonly tape: number;
  readonly numeric: number;
  /** |tape - numeric| / max(1, |tape|, |numeric|). */
  readonly relative: number;
}

/**
 * Compares the tape's gradients with central differences, (f(x + h) - f(x - h)) / 2h, in float64 on the
 * reference backend.
 *
 * f is the sum of the operation's outputs weighted by `cotangent`.
 * @returns the largest difference and its place
 */
export function largestGradientDifference(
  apply: (tape: Tape, inputs: readonly Tensor[]) => Tensor,
  inputs: readonly ArrayValue[],
  cotangent: readonly number[],
): GradientDifference {
  const gradients = runOperation(
    createReferenceBackend({ poison: true }),
    apply,
    inputs,
    cotangent,
  ).gradients;
  const backend = createReferenceBackend();
  const evaluate = (moved: readonly ArrayValue[]): number => {
    const tape = new Tape(backend, false);
    const output = apply(
      tape,
      moved.map(({ values, shape }) => tape.constant(values, shape)),
    ).toArray();
    backend.endStep();
    return output.reduce((sum, value, i) => sum + value * (cotangent[i] ?? NaN), 0);
  };

  let worst: GradientDifference = { input: -1, element: -1, tape: 0, numeric: 0, relative: 0 };
  inputs.forEach(({ values }, input) => {
    values.forEach((value, element) => {
      const h = 1e-6 * Math.max(1e-3, Math.abs(value));
      const at = (x: number): number =>
        evaluate(inputs.map((other, i) => (i === input ? withElement(other, element, x) : other)));
      const numeric = (at(value + h) - at(value - h)) / (2 * h);
      const tape = gradients[input]?.[element] ?? NaN;
      const relative = Math.abs(tape - numeric) / Math.max(1, Math.abs(tape), Math.abs(numeric));
      if (!(relative <= worst.relative)) worst = { input, element, tape, numeric, relative };
    });
  });
  return worst;
}

function withElement(array: ArrayValue, element: number, value: number): ArrayValue {
  const shape: Shape = array.shape;
  return { shape, values: array.values.with(element, value) };
}

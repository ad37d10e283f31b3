import { describe, expect, it } from "vitest";
import { Tape } from "../tape.js";
import { type Shape, sizeOf } from "../tensor.js";
import { testBackends } from "../testing/backends.js";
import { normals } from "../testing/kernel-inputs.js";
import { operations } from "../testing/operations.js";

/**
 * Operations on a batch along the first axis: shapes of a sample, then of operands that all samples share.
 */
const cases: readonly {
  readonly op: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly perSample: readonly Shape[];
  readonly shared?: readonly Shape[];
}[] = [
  { op: "linear", perSample: [[74]], shared: [[74, 144], [144]] },
  { op: "linear", perSample: [[13]], shared: [[13, 7], [7]] },
  { op: "linear", perSample: [[5, 47]], shared: [[47, 1], [1]] },
  { op: "matmul", perSample: [[72]], shared: [[72, 17]] },
  { op: "matmul", args: { transposeB: true }, perSample: [[33]], shared: [[9, 33]] },
  { op: "layerNorm", perSample: [[13]], shared: [[13], [13]] },
  { op: "softmax", perSample: [[7]] },
  { op: "logSoftmax", perSample: [[13]] },
  { op: "logSumExp", perSample: [[5]] },
  { op: "gelu", perSample: [[7]] },
  { op: "tanh", perSample: [[3]] },
  { op: "exp", perSample: [[1]] },
  { op: "add", perSample: [[7], [7]] },
  { op: "mean", args: { axis: -1 }, perSample: [[5, 13]] },
  { op: "sum", args: { axis: 1 }, perSample: [[13, 5]] },
  { op: "conv1d", args: { kernel: 3, padding: "same" }, perSample: [[11, 5]], shared: [[15, 7]] },
  {
    op: "attention",
    args: { heads: 2 },
    perSample: [
      [5, 6],
      [9, 6],
      [9, 6],
    ],
  },
];

/** Predictions must not depend on batch size, order or other samples, to the last bit. */
describe.each(testBackends)("a sample's result on $name", ({ create }) => {
  const backend = create();

  it.each(
    cases.map((entry) => ({
      ...entry,
      name: `${entry.op} ${JSON.stringify(entry.perSample)} ${JSON.stringify(entry.shared ?? [])}`,
    })),
  )("is the same at every batch size and place: $name", ({ op, args, perSample, shared = [] }) => {
    const largest = 33;
    const tape = new Tape(backend, false);
    const full = perSample.map((shape, i) => normals(`${op}/sample/${i}`, largest * sizeOf(shape)));
    const rest = shared.map((shape, i) => tape.constant(normals(`${op}/shared/${i}`, sizeOf(shape)), shape));
    const run = (samples: readonly number[]): number[][] => {
      const inputs = perSample.map((shape, i) => {
        const size = sizeOf(shape);
        const values = samples.flatMap((sample) => full[i]?.slice(sample * size, (sample + 1) * size) ?? []);
        return tape.constant(values, [samples.length, ...shape]);
      });
      const values = operations[op]?.(tape, [...inputs, ...rest], args ?? {}).toArray() ?? [];
      const size = values.length / samples.length;
      return samples.map((_, i) => values.slice(i * size, (i + 1) * size));
    };
    const everyone = [...Array(largest).keys()];
    const expected = run(everyone);
    expect(run([...everyone].reverse()).reverse()).toEqual(expected);
    for (const sizes of [1, 2, 3, 4, 5, 7, 8, 16, 17])
      expect(run(everyone.slice(-sizes))).toEqual(expected.slice(-sizes));
    expect(expected.flat().every(Number.isFinite)).toBe(true);
    backend.endStep();
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { createReferenceBackend } from "../backends/reference/index.js";
import type { Tape } from "../tape.js";
import { type Shape, sizeOf, type Tensor } from "../tensor.js";
import { add } from "./elementwise.js";
import { largestDifference, testBackends } from "../testing/backends.js";
import { largestGradientDifference } from "../testing/finite-difference.js";
import { caseName, fixtures } from "../testing/fixtures.js";
import { operations } from "../testing/operations.js";
import { type ArrayValue, runOperation } from "../testing/run-operation.js";

function operation(
  op: string,
  args: Readonly<Record<string, unknown>>,
): (tape: Tape, inputs: readonly Tensor[]) => Tensor {
  const found = operations[op];
  if (!found) throw new Error(`no operation ${op}`);
  return (tape, inputs) => found(tape, inputs, args);
}

it("has PyTorch's results for every operation", () => {
  expect([...new Set(fixtures.cases.map(({ op }) => op))].sort()).toEqual(Object.keys(operations).sort());
});

describe.each(testBackends)("$name against PyTorch", ({ create, tolerance }) => {
  const backend = create();
  it.each(fixtures.cases.map((fixture) => ({ name: caseName(fixture), fixture })))("$name", ({ fixture }) => {
    const apply = operation(fixture.op, fixture.args);
    const result = runOperation(backend, apply, fixture.inputs, fixture.cotangent);
    expect(result.shape).toEqual(fixture.output.shape);
    expect(largestDifference(result.output, fixture.output.values)).toBeLessThan(tolerance);
    fixture.gradients.forEach((gradient, i) => {
      expect(largestDifference(result.gradients[i] ?? [], gradient), `gradient of input ${i}`).toBeLessThan(
        tolerance,
      );
    });
    // An operation that is used twice must add to the existing gradient.
    const twice = runOperation(
      backend,
      (tape, inputs) => add(tape, apply(tape, inputs), apply(tape, inputs)),
      fixture.inputs,
      fixture.cotangent,
    );
    fixture.gradients.forEach((gradient, i) => {
      const doubled = gradient.map((value) => 2 * value);
      expect(
        largestDifference(twice.gradients[i] ?? [], doubled),
        `gradient of input ${i} after two uses`,
      ).toBeLessThan(2 * tolerance);
    });
  });
});

describe("finite differences", () => {
  const smooth = fixtures.cases.filter(({ rough }) => !rough);
  it.each(smooth.map((fixture) => ({ name: caseName(fixture), fixture })))("$name", ({ fixture }) => {
    const worst = largestGradientDifference(
      operation(fixture.op, fixture.args),
      fixture.inputs,
      fixture.cotangent,
    );
    expect(worst.relative, JSON.stringify(worst)).toBeLessThan(2e-5);
  });
});

/** Sizes around the vector widths, and larger than those of the fixtures. */
const sizes: readonly {
  readonly op: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly shapes: readonly Shape[];
}[] = [
  ...[1, 3, 5, 7, 8, 13, 16, 17, 72, 129].flatMap((width) => [
    ...["neg", "exp", "square", "abs", "relu", "gelu", "geluErf", "sigmoid", "tanh", "softplus"].map(
      (op) => ({
        op,
        shapes: [[width]],
      }),
    ),
    ...["add", "sub", "mul", "maximum"].map((op) => ({ op, shapes: [[3, width], [width]] })),
    ...["softmax", "logSoftmax", "logSumExp"].map((op) => ({ op, shapes: [[5, width]] })),
    ...["sum", "mean", "max"].flatMap((op) => [
      { op, shapes: [[width]] },
      { op, args: { axis: 0 }, shapes: [[3, width]] },
      { op, args: { axis: 1, keepAxis: true }, shapes: [[3, width, 5]] },
    ]),
    { op: "layerNorm", shapes: [[3, width], [width], [width]] },
    { op: "addLayerNorm", shapes: [[3, width], [3, width], [width], [width]] },
    { op: "linearActivation", args: { op: "geluErf" }, shapes: [[5, width], [width, 7], [7]] },
    { op: "linearActivation", args: { op: "relu" }, shapes: [[5, 13], [13, width], [width]] },
    {
      op: "packedConv1d",
      args: { kernel: 3, starts: [0, 5, 5, 13] },
      shapes: [
        [13, width],
        [3 * width, 5],
      ],
    },
    { op: "poolRows", args: { starts: [0, 5, 5, 13] }, shapes: [[13, width]] },
    { op: "packedDropout", args: { starts: [0, 5, 5, 13], rate: 0.3 }, shapes: [[13, width]] },
    { op: "embedding", args: { indices: [3, 0, 3, 3, 1] }, shapes: [[4, width]] },
    ...[0, 0.2].flatMap((rate) => [
      {
        op: "packedAttention",
        args: { starts: [0, width, width, width + 3], heads: 2, rate },
        shapes: [...new Array<Shape>(3).fill([width + 3, 10])],
      },
      {
        op: "packedSelfAttention",
        args: { starts: [0, 2, width + 2], heads: 3, rate, bucketOf: bucketsTo(129) },
        shapes: [
          [width + 2, 27],
          [4, 3],
        ],
      },
    ]),
    { op: "linear", shapes: [[5, width], [width, 7], [7]] },
    { op: "linear", shapes: [[width, 13], [13, width], [width]] },
    {
      op: "matmul",
      shapes: [
        [width, 7],
        [7, 5],
      ],
    },
    {
      op: "matmul",
      args: { transposeA: true },
      shapes: [
        [3, 5, width],
        [3, 5, 7],
      ],
    },
    {
      op: "matmul",
      args: { transposeB: true },
      shapes: [
        [2, 7, width],
        [2, 3, width],
      ],
    },
    { op: "conv1d", args: { kernel: 3, padding: "same" }, shapes: [[2, 7, width], [3 * width, 5], [5]] },
    {
      op: "concat",
      args: { axis: -1 },
      shapes: [
        [3, width],
        [3, 1],
        [3, 7],
      ],
    },
    { op: "slice", args: { axis: 1, start: 0, end: width }, shapes: [[3, 129, 2]] },
    { op: "gatherRows", args: { indices: [1, 0, 1, 1] }, shapes: [[2, width]] },
    { op: "permute", args: { axes: [0, 2, 1, 3] }, shapes: [[2, width, 3, 5]] },
  ]),
  {
    op: "attention",
    args: { heads: 4 },
    shapes: [
      [3, 13, 8],
      [3, 17, 8],
      [3, 17, 8],
    ],
  },
  { op: "add", shapes: [[0, 3], [3]] },
  { op: "linear", shapes: [[0, 5], [5, 3], [3]] },
];

/** Buckets of the distances from -reach to reach, four in all. */
function bucketsTo(reach: number): number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, i) => Math.min(3, Math.floor(Math.abs(i - reach) / 2)));
}

function drawn(op: string, i: number, shape: Shape): ArrayValue {
  const key = randomKey(i, `sizes/${op}`);
  return { shape, values: Array.from({ length: sizeOf(shape) }, (_, j) => Math.fround(normalAt(key, j))) };
}

describe.each(testBackends)("$name against the definition", ({ create, tolerance }) => {
  const backend = create();
  const definition = createReferenceBackend();
  it.each(
    sizes.map((entry) => ({
      name: `${entry.op} ${JSON.stringify(entry.shapes)} ${JSON.stringify(entry.args ?? {})}`,
      ...entry,
    })),
  )("$name", ({ op, args, shapes }) => {
    const inputs = shapes.map((shape, i) => drawn(op, i, shape));
    const apply = operation(op, args ?? {});
    const cotangent = (size: number): readonly number[] => drawn(op, 99, [size]).values;
    const expected = runOperation(definition, apply, inputs, cotangent);
    const actual = runOperation(backend, apply, inputs, cotangent);
    // sums over hundreds of terms
    expect(largestDifference(actual.output, expected.output)).toBeLessThan(5 * tolerance);
    expected.gradients.forEach((gradient, i) => {
      expect(largestDifference(actual.gradients[i] ?? [], gradient), `gradient of input ${i}`).toBeLessThan(
        10 * tolerance,
      );
    });
  });
});

it("has every operation in the documentation", () => {
  const text = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
  for (const name of [...Object.keys(operations), "dropout", "stopGradient", "expertMixture"])
    expect(text).toContain(`\`${name}\``);
});

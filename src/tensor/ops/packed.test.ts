import { describe, expect, it } from "vitest";
import { randomKey } from "../../core/random.js";
import { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { testBackends } from "../testing/backends.js";
import { normals } from "../testing/kernel-inputs.js";
import { dropout, type DropoutSource, packedDropout } from "./dropout.js";
import { mul } from "./elementwise.js";
import { packedAttention, packedSelfAttention } from "./packed-attention.js";
import { packingOf } from "./packing.js";
import { meanWeights, poolRows } from "./pool-rows.js";
import { sum } from "./reductions.js";
import { slice } from "./shape-ops.js";

const heads = 2;
const width = 12;
const lengths = [3, 70, 1, 0, 17, 64, 5];
const bucketOf = Array.from({ length: 199 }, (_, i) => Math.min(6, Math.abs(i - 99)));

const source = (samples: readonly number[]): DropoutSource => ({
  key: randomKey(5, "packed"),
  step: 2,
  sampleIndex: samples,
});

function startsOf(samples: readonly number[]): number[] {
  const starts = [0];
  for (const sample of samples) starts.push((starts.at(-1) ?? 0) + (lengths[sample] ?? 0));
  return starts;
}

const rowsOf = (sample: number): number[] => normals(`sample ${sample}`, (lengths[sample] ?? 0) * 3 * width);

describe.each(testBackends)("packed operations on $name", ({ create }) => {
  const backend = create();

  /** Per sample: attention's rows, the pooled row, and the gradient of its input. */
  function run(samples: readonly number[]): unknown[] {
    const tape = new Tape(backend);
    const starts = startsOf(samples);
    const packing = packingOf(tape, starts);
    const x = tape.variable(samples.flatMap(rowsOf), [packing.rows, 3 * width]);
    const dropped = packedDropout(tape, x, 0.1, source(samples), packing);
    const table = tape.constant(normals("table", 7 * heads), [7, heads]);
    const mixed = packedSelfAttention(tape, dropped, {
      packing,
      heads,
      bias: { table, bucketOf },
      dropout: { rate: 0.2, source: source(samples) },
    });
    const pooled = poolRows(tape, mixed, meanWeights(packing), packing);
    tape.backward(sum(tape, mul(tape, pooled, pooled)));
    const [rows, means, gradient] = [mixed.toArray(), pooled.toArray(), Array.from(x.gradient?.view ?? [])];
    backend.endStep();
    return samples.map((_, i) => {
      const [first, end] = [starts[i] ?? 0, starts[i + 1] ?? 0];
      return [
        rows.slice(first * width, end * width),
        means.slice(i * width, (i + 1) * width),
        gradient.slice(first * 3 * width, end * 3 * width),
      ];
    });
  }

  it("give a sample the same bits in every batch, with dropout", () => {
    const everyone = [...lengths.keys()];
    const expected = run(everyone);
    expect(run([...everyone].reverse()).reverse()).toEqual(expected);
    for (const sample of everyone) expect(run([sample])).toEqual([expected[sample]]);
    expect(expected.flat(3).every((value) => Number.isFinite(value))).toBe(true);
  });

  it("draw the same masks as dropout on a single sample", () => {
    const tape = new Tape(backend);
    const samples = [1, 4];
    const packing = packingOf(tape, startsOf(samples));
    const packed = packedDropout(
      tape,
      tape.constant(samples.flatMap(rowsOf), [packing.rows, 3 * width]),
      0.3,
      source(samples),
      packing,
    ).toArray();
    const alone = samples.flatMap((sample) => {
      const x = tape.constant(rowsOf(sample), [1, lengths[sample] ?? 0, 3 * width]);
      return dropout(tape, x, 0.3, source([sample])).toArray();
    });
    expect(packed).toEqual(alone);
    expect(packed.filter((value) => value === 0).length / packed.length).toBeCloseTo(0.3, 1);
    backend.endStep();
  });

  it("give the same attention for adjacent and separate operands", () => {
    const tape = new Tape(backend);
    const samples = [4, 6, 0];
    const packing = packingOf(tape, startsOf(samples));
    const x = tape.constant(samples.flatMap(rowsOf), [packing.rows, 3 * width]);
    const part = (i: number): Tensor => slice(tape, x, 1, i * width, (i + 1) * width);
    const apart = packedAttention(tape, part(0), part(1), part(2), { packing, heads });
    expect(apart.toArray()).toEqual(packedSelfAttention(tape, x, { packing, heads }).toArray());
    backend.endStep();
  });

  it("drop as many weights as they say, and scale the rest", () => {
    const tape = new Tape(backend);
    const packing = packingOf(tape, [0, 64]);
    const zeros = tape.constant(new Float64Array(64 * 64), [64, 64]);
    const identity = tape.constant(
      Array.from({ length: 64 * 64 }, (_, i) => (i % 65 === 0 ? 1 : 0)),
      [64, 64],
    );
    // With equal scores and unit vectors as values, the output is the matrix of weights.
    const weights = packedAttention(tape, zeros, zeros, identity, {
      packing,
      heads: 1,
      dropout: { rate: 0.25, source: source([9]) },
    }).toArray();
    const kept = weights.filter((weight) => weight !== 0);
    expect(kept.length / weights.length).toBeCloseTo(0.75, 1);
    for (const weight of kept) expect(weight).toBeCloseTo(1 / 64 / 0.75, 7);
    backend.endStep();
  });
});

describe("packed operations refuse", () => {
  const tape = new Tape(testBackends[0]?.create() ?? expect.fail("no backend"));
  const packing = packingOf(tape, [0, 2, 3]);
  const x = tape.constant(new Float64Array(12), [3, 4]);

  it("starts that are no starts", () => {
    for (const starts of [[], [1, 2], [0, 2, 1], [0, 1.5], [0, NaN]])
      expect(() => packingOf(tape, starts)).toThrow(/packing: /);
  });

  it("rows, heads, biases and rates that do not fit", () => {
    const wrong = tape.constant(new Float64Array(8), [2, 4]);
    expect(() => packedAttention(tape, wrong, x, x, { packing, heads: 1 })).toThrow(/expected \[3, width\]/);
    expect(() => packedAttention(tape, x, x, x, { packing, heads: 3 })).toThrow(/3 heads do not divide/);
    expect(() => packedSelfAttention(tape, x, { packing, heads: 1 })).toThrow(/expected \[R, 3H\]/);
    const table = tape.constant([1, 2], [2, 1]);
    const biased = (bucketOf: number[]): (() => Tensor) => {
      return () => packedAttention(tape, x, x, x, { packing, heads: 1, bias: { table, bucketOf } });
    };
    expect(biased([0])).toThrow(/distances up to 0/);
    expect(biased([0, 1, 2])).toThrow(/bucket 2 of 2/);
    expect(biased([0, 1])).toThrow(/2 distances/);
    const draws = { rate: 1, source: source([0, 1]) };
    expect(() => packedAttention(tape, x, x, x, { packing, heads: 1, dropout: draws })).toThrow(/rate/);
    expect(() => packedDropout(tape, x, 0.5, source([0]), packing)).toThrow(/1 sample indices/);
    expect(() => poolRows(tape, x, [1], packing)).toThrow(/1 weights for 3 rows/);
  });
});

import { describe, expect, it } from "vitest";
import { Tape } from "../tensor/tape.js";
import { meanOfInput, meanRows, poolSteps } from "./masked-mean.js";
import type { Sequence } from "./sequence.js";
import { modelBackends } from "./testing/backends.js";

/** Three samples of three steps of two features: two real steps (padding on the left), all three, absent. */
const sequence: Sequence = {
  width: 2,
  steps: 3,
  values: Float32Array.from([9, 9, 1, 2, 3, 6, 1, 1, 2, 2, 6, 9, 7, 7, 7, 7, 7, 7]),
  mask: Uint8Array.from([0, 1, 1, 1, 1, 1, 1, 1, 1]),
  present: Uint8Array.from([1, 1, 0]),
};

it("returns the mean of the real steps as plain rows, without absent samples", () => {
  const rows = Array.from(meanRows(sequence));
  expect(rows).toHaveLength(4);
  [2, 4, 3, 4].forEach((value, i) => {
    expect(rows[i]).toBeCloseTo(value, 6);
  });
});

describe.each(modelBackends)("on $name", ({ create }) => {
  it("returns the same mean on the tape, and zeros for absent samples", () => {
    const mean = meanOfInput(new Tape(create(), false), sequence, sequence.present);
    expect(mean.shape).toEqual([3, 2]);
    Array.from(mean.toArray()).forEach((value, i) => {
      expect(value).toBeCloseTo([2, 4, 3, 4, 0, 0][i] ?? NaN, 6);
    });
  });

  it("pools the first steps by their mean, or takes the last of them", () => {
    const tape = new Tape(create(), false);
    const x = tape.constant(sequence.values, [3, 3, 2]); // [B, T, H]
    const pooled = (pooling: "mean" | "last"): number[] =>
      Array.from(poolSteps(tape, x, [2, 3, 0], pooling).toArray());
    expect(pooled("last")).toEqual([1, 2, 6, 9, 0, 0]);
    [5, 5.5, 3, 4, 0, 0].forEach((value, i) => {
      expect(pooled("mean")[i]).toBeCloseTo(value, 6);
    });
  });
});

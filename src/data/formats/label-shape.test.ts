import { describe, expect, it } from "vitest";
import { memorySource } from "./byte-source.js";
import { labelMatrix, requireOneShape } from "./label-shape.js";
import { openNpy } from "./npy.js";
import type { NdArray } from "./nd-array.js";

/** A float32 .npy array. */
function array(shape: readonly number[], values: readonly number[]): NdArray {
  const header =
    `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.map((size) => `${size}, `).join("")}), ` +
    "}\n";
  const start = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0];
  const body = new Uint8Array(Float32Array.from(values).buffer);
  const bytes = Uint8Array.from([...start, ...Array.from(header, (c) => c.charCodeAt(0)), ...body]);
  return openNpy(memorySource(bytes, "labels.npy"));
}

describe("the shape of labels", () => {
  it.each([
    [[3], 1],
    [[3, 1], 1],
    [[3, 1, 1], 1],
    [[1, 3], 3],
    [[1, 1, 3], 3],
  ])("%j holds %i numbers per sample", (shape, width) => {
    expect(labelMatrix(array(shape, [1, 0.5, -2]))).toEqual({
      width,
      values: Float64Array.of(1, 0.5, -2),
      pairs: false,
    });
  });

  it("(N, L, 2) holds pairs (absent, present)", () => {
    const { width, values, pairs } = labelMatrix(array([2, 2, 2], [1, 0, 0, 1, 0, 1, 0, 1]));
    expect({ width, pairs, values: [...values] }).toEqual({ width: 2, pairs: true, values: [0, 1, 1, 1] });
  });

  it("refuses pairs with both or neither value, other shapes, and one number for all samples", () => {
    expect(() => labelMatrix(array([1, 2, 2], [1, 0, 1, 1]))).toThrow(
      /label 1 of sample 0 is the pair \(1, 1\)/,
    );
    expect(() => labelMatrix(array([1, 2, 3], [1, 0, 0, 1, 0, 0]))).toThrow(/but have \(1, 2, 3\)/);
    expect(() => labelMatrix(array([], [1]))).toThrow(/there is a single number/);
  });
});

it("the splits have labels of one shape", () => {
  const train = { width: 3, pairs: false };
  const check = (test: typeof train) => (): void => {
    requireOneShape({ train, valid: train, test }, (name) => `f: ${name}`);
  };
  expect(check({ width: 3, pairs: false })).not.toThrow();
  expect(check({ width: 2, pairs: false })).toThrow("f: test: there are 2 labels per sample, but 3 in");
  expect(check({ width: 3, pairs: true })).toThrow("f: test");
});

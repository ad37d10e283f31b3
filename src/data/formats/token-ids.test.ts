import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { memorySource } from "./byte-source.js";
import { loadDataset } from "./load-dataset.js";
import { openNpy } from "./npy.js";
import { readTokenIds } from "./token-ids.js";

const pickle = fileURLToPath(new URL("../../../test/fixtures/pickles/text-bert.pkl", import.meta.url));

/** A .npy file of float32 numbers. */
function arrayOf(shape: readonly number[], values: readonly number[]): ReturnType<typeof openNpy> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`.padEnd(117);
  const head = new TextEncoder().encode(`\x93NUMPY\x01\x00v\x00${header}\n`);
  const start = Uint8Array.from(`\x93NUMPY\x01\x00`, (c) => c.charCodeAt(0));
  const bytes = new Uint8Array(128 + 4 * values.length);
  bytes.set(head.subarray(head.length - 118), 10);
  bytes.set(start);
  bytes[8] = 118;
  bytes.set(new Uint8Array(Float32Array.from(values).buffer), 128);
  return openNpy(memorySource(bytes, "text_bert.npy"));
}

it("reads the ids and the mask of MMSA's text_bert", async () => {
  const dataset = await loadDataset(pickle);
  expect(dataset.modalities.map(({ name }) => name)).toEqual(["audio", "vision"]);
  const { texts, tokens, size } = dataset.splits.train;
  expect(texts).toBeUndefined();
  expect([size, tokens?.steps]).toEqual([4, 6]);
  expect(Array.from(tokens?.ids.subarray(6, 12) ?? [])).toEqual([2, 6, 7, 3, 0, 0]);
  expect(Array.from(tokens?.mask.subarray(6, 12) ?? [])).toEqual([1, 1, 1, 1, 0, 0]);
});

it.each<[string, readonly number[], readonly number[], RegExp]>([
  ["another shape", [1, 2, 2], [1, 2, 1, 1], /\(1, 2, 2\), expected \(1, 3, L\)/],
  ["another number of samples", [2, 3, 1], [1, 1, 0, 1, 1, 0], /expected \(1, 3, L\)/],
  ["a fraction", [1, 3, 2], [1, 2.5, 1, 1, 0, 0], /sample 0 has a token id that is not a whole number/],
  ["a negative id", [1, 3, 2], [1, -1, 1, 1, 0, 0], /not a whole number/],
  ["a mask of other numbers", [1, 3, 2], [1, 2, 1, 0.5, 0, 0], /mask of sample 0/],
  ["a second segment", [1, 3, 2], [1, 2, 1, 1, 0, 1], /second segment/],
])("refuses %s", (_, shape, values, message) => {
  const read = (): unknown => readTokenIds(arrayOf(shape, values), "f.pkl: train/text_bert", 1);
  expect(read).toThrow(message);
  expect(codeOf(read)).toBe("data.format");
});

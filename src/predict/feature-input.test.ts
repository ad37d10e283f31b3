import { expect, it } from "vitest";
import { batchOfFeatures, ValueStage } from "./feature-input.js";

/** Counts the values that are taken. */
class CountingStage extends ValueStage {
  taken = 0;

  override take(name: string, length: number): Float32Array {
    this.taken += length;
    return super.take(name, length);
  }
}

it.each([
  ["a vector", [1, 2, 3]],
  ["the last of many steps", [...Array.from({ length: 1000 }, () => [1, 2]), [1]]],
  ["a step that is no list", [[1, 2], { 0: 1 }]],
])("takes no memory for a batch in which %s has another width", (_, text) => {
  const stage = new CountingStage();
  const samples = [{ text: [1, 2] }, { text: text as number[] }];
  expect(() => batchOfFeatures(samples, [{ name: "text", width: 2, steps: 1 }], stage)).toThrow(/sample 1/);
  expect(stage.taken).toBe(0);
  batchOfFeatures(samples.slice(0, 1), [{ name: "text", width: 2, steps: 1 }], stage);
  expect(stage.taken).toBe(2);
});

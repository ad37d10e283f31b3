import { expect, it } from "vitest";
import { contentsOf } from "../../src/encoders/testing/memory-files.js";
import { fixtureFolder } from "../../src/encoders/testing/family-fixture.js";
import { phrases, smallBert, smallEncoder, tokenised } from "../../src/train/testing/text-data.js";
import { train } from "../../src/train/train.js";
import { nodeAssets } from "../../src/features/node-assets.js";
import { MemoryEncoder } from "../../src/features/encoders/memory-encoder.js";

const request = {
  model: { name: "linear" },
  backend: "wasm",
  train: { epochs: 2, batchSize: 8, learningRate: 1e-2 },
} as const;

function open(files: ReadonlyMap<string, Uint8Array>): Promise<MemoryEncoder> {
  return MemoryEncoder.open("page", files, { textMaxTokens: 12 }, nodeAssets);
}

it("fine-tunes to the same bits as the folder, and reads a sentence with the same tokens", async () => {
  const memory = await open(new Map(Object.entries(contentsOf(smallBert))));
  const data = await memory.tokenise(phrases());
  const here = await train({ ...request, encoder: memory.encoder }, data);
  const there = await train({ ...request, encoder: smallEncoder() }, await tokenised());
  expect(here.metrics.test).toEqual(there.metrics.test);
  const { text } = data.splits.test.modalities;
  const row = data.splits.test.texts?.[0] ?? "";
  const ids = await memory.tokens(row);
  expect(ids.flat()).toEqual(Array.from(text?.values.subarray(0, ids.length) ?? []));
  expect(typeof here.model.predict({ text: ids }).prediction).toBe("number");
  memory.close();
});

it("names the file that is missing", async () => {
  const files = new Map(Object.entries(contentsOf(fixtureFolder("bert"))));
  files.delete("tokenizer.json");
  await expect(open(files)).rejects.toMatchObject({ code: "media.not-found" });
  await expect(open(new Map())).rejects.toThrow(/config\.json/);
});

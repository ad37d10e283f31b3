import { expect, it } from "vitest";
import type { Sample } from "./sample.js";
import { WordTimes } from "./word-times.js";

const sample = (id: string): Sample => ({
  id,
  split: "train",
  label: "1",
  texts: {},
  files: {},
  transcript: undefined,
});

it("the words of a sample are read once for all modalities", async () => {
  const read: string[] = [];
  const words = new WordTimes(({ id }) => {
    read.push(id);
    return Promise.resolve([{ text: id, start: 0, end: 1 }]);
  });
  const [a, b] = [sample("a"), sample("b")];
  for (const one of [a, b, a, b]) expect(await words.of(one)).toEqual([{ text: one.id, start: 0, end: 1 }]);
  expect(read).toEqual(["a", "b"]);
});

it("a sample without text and files has no words", async () => {
  expect(await new WordTimes().of(sample("a"))).toEqual([]);
});

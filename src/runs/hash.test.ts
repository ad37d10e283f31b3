import { describe, expect, it } from "vitest";
import type { Dataset, ModalityTable, Split } from "../data/dataset.js";
import { fingerprint } from "./hash.js";
import { toyDataset } from "../data/testing/toy-dataset.js";

function withTest(dataset: Dataset, change: (split: Split) => Split): Dataset {
  return { ...dataset, splits: { ...dataset.splits, test: change(dataset.splits.test) } };
}

function withText(change: (table: ModalityTable) => ModalityTable): Dataset {
  return withTest(toyDataset(), (split) => {
    const table = split.modalities.text;
    if (!table) throw new Error("the toy data have text");
    return { ...split, modalities: { ...split.modalities, text: change(table) } };
  });
}

describe("fingerprint", () => {
  it("is the same for the same data and another for every difference that a model could see", () => {
    const nudged = withText((table) => ({
      ...table,
      values: table.values.map((value, i) => (i === 7 ? value + Math.abs(value) * 2 ** -23 : value)),
    }));
    const padded = withText((table) => ({
      ...table,
      mask: table.mask.map((flag, i) => (i === 3 ? 1 - flag : flag)),
    }));
    const absent = withText((table) => ({
      ...table,
      present: table.present.map((flag, i) => (i === 3 ? 1 - flag : flag)),
    }));
    const relabelled = withTest(toyDataset(), (split) => ({
      ...split,
      labels: split.labels.map((label, i) => (i === 0 ? -label : label)),
    }));
    const shifted = withTest(toyDataset(), (split) => ({
      ...split,
      ids: split.ids.map((id, i) => (i === 0 ? `${id}\0x` : id)),
    }));
    const prints = [toyDataset(), nudged, padded, absent, relabelled, shifted].map(fingerprint);
    expect(fingerprint(toyDataset())).toBe(prints[0]);
    expect(new Set(prints).size).toBe(6);
  });

  it("does not confuse ids with the same concatenation", () => {
    const ids = (list: readonly string[]): Dataset =>
      withTest(toyDataset(), (split) => ({ ...split, ids: [...list, ...split.ids.slice(2)] }));
    expect(fingerprint(ids(["a\0b", "c"]))).not.toBe(fingerprint(ids(["a", "b\0c"])));
  });
});

import { describe, expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { fitNormaliser } from "../data/normaliser.js";
import { selectModalities } from "../data/select-modalities.js";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { corruptDataset, corruptionNote } from "./corrupt-dataset.js";
import { corruptSplit } from "./corrupt-split.js";
import { parseCorruption } from "./parse-corruption.js";

const { dataset } = generateSynthetic({ seed: 2, sizes: { train: 60, valid: 20, test: 30 } });
const { train, valid, test } = dataset.splits;
const corruption = parseCorruption("gaussian:1,missing:0.3");

describe("corruptDataset", () => {
  it("corrupts the named splits as corruptSplit does, and leaves the others", () => {
    const copy = corruptDataset(dataset, { corruption, splits: ["test", "valid"], seed: 4 });
    const normaliser = fitNormaliser(train);
    expect(copy.splits.train).toBe(train);
    expect(copy.splits.test).toEqual(corruptSplit(test, corruption, { seed: 4, normaliser }));
    expect(copy.splits.valid).toEqual(corruptSplit(valid, corruption, { seed: 4, normaliser }));
    expect(copy.corruption).toEqual([
      { specification: "gaussian:1,missing:0.3", seed: 4, splits: ["valid", "test"], units: "train" },
    ]);
  });

  it("removes modalities from every sample, after the noise", () => {
    const copy = corruptDataset(dataset, { corruption, available: ["vision", "text"] });
    expect(copy.splits.test.modalities["audio"]?.present.every((here) => here === 0)).toBe(true);
    expect(copy.splits.test.modalities["text"]).toEqual(
      corruptSplit(test, corruption, { normaliser: fitNormaliser(train) }).modalities["text"],
    );
    expect(copy.corruption?.[0]?.available).toEqual(["text", "vision"]);
    expect(corruptionNote(copy.corruption?.[0] ?? { seed: 0, splits: [], units: "" })).toBe(
      "features of test corrupted: gaussian:1,missing:0.3; only text, vision left, seed 1",
    );
  });

  it("uses the units of a run if they are given, and says so", () => {
    const other = generateSynthetic({ seed: 9, sizes: { train: 60, valid: 20, test: 30 } }).dataset.splits
      .train;
    const units = { normaliser: fitNormaliser(other), run: "abc" };
    const copy = corruptDataset(dataset, { corruption, units });
    expect(copy.splits.test).toEqual(corruptSplit(test, corruption, { normaliser: units.normaliser }));
    expect(copy.splits.test).not.toEqual(corruptDataset(dataset, { corruption }).splits.test);
    expect(copy.corruption?.[0]?.units).toBe("abc");
  });

  it("remembers earlier corruptions", () => {
    const twice = corruptDataset(corruptDataset(dataset, { corruption }), {
      corruption: parseCorruption("dropout:0.1"),
      seed: 2,
    });
    expect(twice.corruption?.map(({ specification }) => specification)).toEqual([
      "gaussian:1,missing:0.3",
      "dropout:0.1",
    ]);
  });

  it("refuses missing modalities, and units of other features", () => {
    expect(codeOf(() => corruptDataset(dataset, { corruption, available: ["smell"] }))).toBe(
      "data.unknown-modality",
    );
    expect(codeOf(() => corruptDataset(dataset, { corruption: parseCorruption("smell=gaussian:1") }))).toBe(
      "data.unknown-modality",
    );
    const fewer = { normaliser: fitNormaliser(selectModalities(dataset, ["text"]).splits.train), run: "x" };
    expect(codeOf(() => corruptDataset(dataset, { corruption, units: fewer }))).toBe("data.unknown-modality");
    const narrow = fitNormaliser(train);
    const units = {
      normaliser: { ...narrow, modalities: { ...narrow.modalities, audio: { mean: [0], std: [1] } } },
      run: "x",
    };
    expect(codeOf(() => corruptDataset(dataset, { corruption, units }))).toBe("data.width-mismatch");
  });
});

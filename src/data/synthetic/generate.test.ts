import { describe, expect, it } from "vitest";
import { fitNormaliser, normaliseSplit } from "../normaliser.js";
import type { ModalityTable, Split } from "../dataset.js";
import { generateSynthetic } from "./generate.js";
import { loadSynthetic, parseSynthetic, undamagedTwin } from "./load-synthetic.js";
import { CLEAN_SHARE, syntheticKinds } from "./corrupt-view.js";
import { ridgeProbe, signAccuracy } from "./testing/ridge.js";

const small = { train: 300, valid: 40, test: 60 };

function table(split: Split, name: string): ModalityTable {
  const found = split.modalities[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe("generateSynthetic", () => {
  it("has MOSI's sizes and widths, within the time limit", () => {
    const began = process.cpuUsage();
    const { dataset } = generateSynthetic();
    // 0.3 s of processor time, however busy the machine; catches a slip by an order of magnitude
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(8);
    expect([dataset.splits.train.size, dataset.splits.valid.size, dataset.splits.test.size]).toEqual([
      1284, 229, 686,
    ]);
    expect(dataset.modalities).toEqual([
      { name: "text", width: 768, steps: 1 },
      { name: "audio", width: 74, steps: 1 },
      { name: "vision", width: 47, steps: 1 },
    ]);
  });

  it("is a pure function of its options", () => {
    const [once, again, other] = [1, 1, 2].map(
      (seed) => generateSynthetic({ seed, sizes: small }).dataset.splits.train,
    );
    expect(once).toEqual(again);
    expect(other?.labels).not.toEqual(once?.labels);
  });

  it("has known bits, the same in every engine", () => {
    const { test } = generateSynthetic({ seed: 1, sizes: small }).dataset.splits;
    let hash = 0x811c9dc5;
    for (const name of ["text", "audio", "vision"]) {
      const { values } = table(test, name);
      for (const byte of new Uint8Array(values.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
    }
    expect(hash >>> 0).toBe(3653144775);
  });

  it("has labels like MOSI's: in [-3, 3], in steps of 0.2, deviation about 1.5, few zeros", () => {
    const { labels } = generateSynthetic({ cleanOnly: true }).dataset.splits.train;
    const list = Array.from(labels);
    expect(Math.max(...list)).toBeLessThanOrEqual(3);
    expect(Math.min(...list)).toBeGreaterThanOrEqual(-3);
    expect(list.every((label) => Math.abs(label * 5 - Math.round(label * 5)) < 1e-5)).toBe(true);
    const mean = list.reduce((sum, label) => sum + label, 0) / list.length;
    expect(Math.abs(mean - 0.07)).toBeLessThan(0.15);
    expect(Math.sqrt(list.reduce((sum, label) => sum + (label - mean) ** 2, 0) / list.length)).toBeCloseTo(
      1.5,
      0,
    );
    expect(list.filter((label) => label === 0).length / list.length).toBeLessThan(0.07);
  });

  it("corrupts each modality of each split at the documented rates, and independently", () => {
    const { splits } = generateSynthetic({ sizes: { train: 2000, valid: 500, test: 500 } }).dataset;
    for (const split of [splits.train, splits.valid, splits.test]) {
      for (const name of ["text", "audio", "vision"]) {
        const { kind, severity } = split.corruption?.[name] ?? { kind: [], severity: new Float32Array(0) };
        const share = (wanted: string): number => kind.filter((k) => k === wanted).length / kind.length;
        expect(Math.abs(share("clean") - CLEAN_SHARE)).toBeLessThan(0.07);
        for (const kind of syntheticKinds)
          expect(Math.abs(share(kind) - (1 - CLEAN_SHARE) / 5)).toBeLessThan(0.04);
        expect(kind.every((k, n) => (k === "clean") === (severity[n] === 0))).toBe(true);
        expect(severity.every((s) => s === 0 || (s >= 0.1 && s <= 1))).toBe(true);
      }
    }
    const clean = (name: string, n: number): number =>
      splits.train.corruption?.[name]?.kind[n] === "clean" ? 1 : 0;
    const both =
      Array.from({ length: 2000 }, (_, n) => clean("text", n) * clean("audio", n)).reduce(
        (sum, one) => sum + one,
        0,
      ) / 2000;
    expect(Math.abs(both - CLEAN_SHARE * CLEAN_SHARE)).toBeLessThan(0.04);
  });

  it("leaves clean slots exactly as they are without corruption, and changes the others", () => {
    const corrupted = generateSynthetic({ sizes: small }).dataset.splits.test;
    const clean = generateSynthetic({ sizes: small, cleanOnly: true }).dataset.splits.test;
    for (const { name, width } of [
      { name: "text", width: 768 },
      { name: "vision", width: 47 },
    ]) {
      for (let n = 0; n < small.test; n++) {
        const row = (split: Split): number[] =>
          Array.from(table(split, name).values.subarray(n * width, (n + 1) * width));
        if (corrupted.corruption?.[name]?.kind[n] === "clean") expect(row(corrupted)).toEqual(row(clean));
        else expect(row(corrupted)).not.toEqual(row(clean));
      }
    }
  });

  it("has an unseen kind only in the test split, which does not change", () => {
    const sizes = { train: 400, valid: 200, test: 200 };
    const { splits } = generateSynthetic({ sizes, unseen: "block" }).dataset;
    for (const name of ["text", "audio", "vision"]) {
      const kinds = (split: Split): Set<string> => new Set(split.corruption?.[name]?.kind);
      for (const split of [splits.train, splits.valid])
        expect(kinds(split)).toEqual(new Set(["clean", "noise", "dropout", "swap", "saturation"]));
      expect(kinds(splits.test).has("block")).toBe(true);
    }
    expect(splits.test).toEqual(generateSynthetic({ sizes }).dataset.splits.test);
  });

  it("a clip does not depend on the number of clips", () => {
    const few = generateSynthetic({ sizes: small, cleanOnly: true }).dataset.splits.train;
    const many = generateSynthetic({ sizes: { ...small, train: 500 }, cleanOnly: true }).dataset.splits.train;
    expect(table(many, "vision").values.slice(0, 300 * 47)).toEqual(table(few, "vision").values);
  });
});

describe("what a linear probe finds", () => {
  const { dataset, stories } = generateSynthetic({
    cleanOnly: true,
    sizes: { train: 1284, valid: 2, test: 2000 },
  });
  const normaliser = fitNormaliser(dataset.splits.train);
  const train = normaliseSplit(dataset.splits.train, normaliser);
  const test = normaliseSplit(dataset.splits.test, normaliser);
  const predict = (...modalities: string[]): Float64Array => ridgeProbe(train, modalities, 300)(test);
  const disagrees = (n: number): boolean => stories.test[n]?.disagrees === true;
  const text = predict("text");
  const vision = predict("vision");
  const audio = predict("audio");

  it("about 85 / 63 / 60 for text / vision / audio", () => {
    expect(Math.abs(signAccuracy(text, test) - 85)).toBeLessThan(3);
    expect(Math.abs(signAccuracy(vision, test) - 63)).toBeLessThan(3);
    expect(Math.abs(signAccuracy(audio, test) - 60)).toBeLessThan(3);
  });

  it("if modalities disagree, each alone is at chance or below, and the combination is right", () => {
    const share = stories.test.filter((story) => story.disagrees).length / stories.test.length;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.14);
    expect(signAccuracy(text, test, disagrees)).toBeLessThan(35);
    expect(Math.abs(signAccuracy(vision, test, disagrees) - 50)).toBeLessThan(11);
    expect(Math.abs(signAccuracy(audio, test, disagrees) - 50)).toBeLessThan(11);
    const joint = predict("text", "audio", "vision");
    expect(signAccuracy(joint, test, disagrees)).toBeGreaterThan(70);
    expect(signAccuracy(joint, test)).toBeGreaterThan(signAccuracy(text, test) + 5);
  });
});

describe("loadSynthetic", () => {
  it("reads options from the name", () => {
    expect(parseSynthetic("synthetic")).toEqual({
      seed: 1,
      cleanOnly: false,
      sizes: { train: 1284, valid: 229, test: 686 },
    });
    expect(parseSynthetic("synthetic:seed=3,clean,test=50")).toEqual({
      seed: 3,
      cleanOnly: true,
      sizes: { train: 1284, valid: 229, test: 50 },
    });
    expect(parseSynthetic("synthetic:unseen=swap,test=9")).toEqual({
      seed: 1,
      cleanOnly: false,
      unseen: "swap",
      sizes: { train: 1284, valid: 229, test: 9 },
    });
    const dataset = loadSynthetic("synthetic:train=5,valid=5,test=5", { modalities: ["video", "text"] });
    expect(dataset.modalities.map(({ name }) => name)).toEqual(["vision", "text"]);
    expect(Object.keys(dataset.splits.train.corruption ?? {})).toEqual(["vision", "text"]);
  });

  it("names the same clips without damage", () => {
    const [whole, damaged] = [
      undamagedTwin("synthetic:seed=4,unseen=noise,train=5,valid=5,test=9") ?? "",
      "synthetic:seed=4,train=5,valid=5,test=9",
    ].map((source) => loadSynthetic(source).splits.test);
    expect(whole?.labels).toEqual(damaged?.labels);
    expect(new Set(whole?.corruption?.["text"]?.kind)).toEqual(new Set(["clean"]));
    expect(["synthetic:clean", "mosi.pkl"].map(undamagedTwin)).toEqual([undefined, undefined]);
  });

  it.each([
    ["synthetic:sed=3", /"sed" is not an option/],
    ["synthetic:seed=x", /seed must be a whole number, but is "x"/],
    ["synthetic:seed=-1", /but is "-1"/],
    ["synthetic:unseen=nose", /unseen must be a kind of corruption, but is "nose"/],
    ["synthetic:unseen", /unseen must be a kind/],
    ["synthetic:unseen=noise,clean", /clean data have no unseen corruption/],
    ["synthetic:train=1", /train must be between 2 and 1000000/],
    ["synthetic:test=9999999", /test must be between/],
  ])("refuses %s", (source, message) => {
    expect(() => loadSynthetic(source)).toThrow(message);
  });
});

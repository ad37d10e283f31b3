import { describe, expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { uniformAt } from "../core/random.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { corruptSplit } from "./corrupt-split.js";
import { parseCorruption } from "./parse-corruption.js";
import {
  type CorruptionDefinition,
  corruptionKinds,
  featureCorruption,
  isFeatureCorruption,
  registerCorruption,
} from "./register-corruption.js";

const flip: CorruptionDefinition = {
  name: "flip",
  summary: "flips signs",
  most: 1,
  corrupt: ({ steps }, amount, key) => {
    let flipped = 0;
    for (const step of steps)
      for (let d = 0; d < step.length; d++) {
        if (uniformAt(key, d) >= amount) continue;
        step[d] = -(step[d] ?? 0);
        flipped += 1;
      }
    return flipped;
  },
};
registerCorruption(flip);
const toy = toyDataset().splits.test;
const test = { ...toy, corruption: {} };

describe("a registered corruption", () => {
  it("is read, listed and limited like those of the package", () => {
    expect(parseCorruption("text=flip:0.5")).toEqual([{ kind: "flip", amount: 0.5, modality: "text" }]);
    expect(corruptionKinds()).toContain("flip");
    expect(codeOf(() => parseCorruption("flip:2"))).toBe("config.invalid");
    expect(() => parseCorruption("flpi:1")).toThrow(
      expect.objectContaining({ hint: 'Did you mean "flip"?' }) as Error,
    );
  });

  it("changes the real steps of the samples that have the modality, and states its severity", () => {
    const after = corruptSplit(test, parseCorruption("text=flip:1"));
    const [before, changed] = [test.modalities["text"], after.modalities["text"]];
    if (!before || !changed) throw new Error("the toy data have a text");
    expect([...changed.values]).toEqual(Array.from(before.values, (value) => (value === 0 ? value : -value)));
    const truth = after.corruption?.["text"];
    expect([...(truth?.severity ?? [])]).toEqual(Array.from(before.present, (here) => here * before.width));
    expect(truth?.kind).toEqual(Array.from(before.present, (here) => (here === 1 ? "flip" : "clean")));
    expect(after.modalities["audio"]).toBe(test.modalities["audio"]);
  });

  it("gives the same bits with the same seed, and others with another", () => {
    const values = (seed: number): Float32Array | undefined =>
      corruptSplit(test, parseCorruption("flip:0.5"), { seed }).modalities["text"]?.values;
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  it("that returns no severity is refused", () => {
    registerCorruption({ ...flip, name: "mute", corrupt: () => undefined as unknown as number });
    expect(codeOf(() => corruptSplit(test, [{ kind: "mute", amount: 1 }]))).toBe("config.invalid");
  });
});

describe("a registered corruption in copies", () => {
  it("has an amount by severity", () => {
    registerCorruption({ ...flip, name: "flip-half", most: 4, amountAt: (severity) => severity / 2 });
    registerCorruption({ ...flip, name: "flip-most", most: 4 });
    expect(featureCorruption("flip-half").amountAt(1)).toBe(0.5);
    expect(featureCorruption("flip-most").amountAt(0.5)).toBe(2);
    expect(["flip-half", "noise", "missing", "flop"].map(isFeatureCorruption)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("registering a corruption", () => {
  const register = (change: object): (() => void) => {
    return () => {
      registerCorruption({ ...flip, ...change });
    };
  };
  it("twice has no effect", () => {
    registerCorruption(flip);
    expect(corruptionKinds().filter((kind) => kind === "flip")).toHaveLength(1);
  });

  it.each([
    ["under its own name with another function", {}, "config.conflict"],
    ["under a name of the package", { name: "gaussian" }, "config.conflict"],
    ["under another name of a kind of the package", { name: "noise" }, "config.conflict"],
    ["with an amount by severity that is no function", { name: "other", amountAt: 1 }, "config.invalid"],
    ["under the name of raw copies", { name: "raw" }, "config.conflict"],
    ["under the name missing", { name: "missing" }, "config.conflict"],
    ["with a colon in its name", { name: "a:b" }, "config.invalid"],
    ["without a name", { name: "" }, "config.invalid"],
    ["without a function", { name: "other", corrupt: undefined }, "config.invalid"],
    ["with most 0", { name: "other", most: 0 }, "config.invalid"],
    ["with most NaN", { name: "other", most: NaN }, "config.invalid"],
  ])("%s is refused", (_, change, code) => {
    expect(codeOf(register(change))).toBe(code);
  });

  it("that is nothing is refused", () => {
    expect(
      codeOf(() => {
        registerCorruption(null as unknown as CorruptionDefinition);
      }),
    ).toBe("config.invalid");
  });
});

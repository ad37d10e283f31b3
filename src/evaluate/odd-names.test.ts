import { describe, expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { errorOf } from "../core/testing/error-of.js";
import type { Dataset, Task } from "../data/dataset.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "../train/train.js";
import { evaluate } from "./evaluate.js";

// Every object of JavaScript has members of these names.
const odd = ["constructor", "__proto__", "toString"];
const request = { model: { name: "linear" }, train: { epochs: 1 } } as const;

/** A record with the name as a key of its own. */
const keyed = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);

describe("names of object members", () => {
  it.each(odd)("%s is not a modality", async (name) => {
    const data = toyDataset();
    const { model } = await train(request, data);
    const corruption = [{ kind: "gaussian", amount: 1, modality: name }] as const;
    for (const options of [{ available: [name] }, { corruption }])
      expect(await errorOf(evaluate(model, data, options))).toMatchObject({ code: "data.unknown-modality" });
    const features = keyed(name, [1, 2, 3, 4, 5, 6]) as never;
    expect(codeOf(() => model.predict(features))).toBe("data.unknown-modality");
    expect(codeOf(() => model.predictBatch([features]))).toBe("data.unknown-modality");
    for (const options of [keyed(name, 1), { scale: keyed(name, 1) }])
      expect(await errorOf(evaluate(model, data, options))).toMatchObject({
        code: expect.stringMatching(/^config/) as string,
      });
  });

  it.each<[string, Task]>([
    ["classification", { kind: "classification", classes: odd }],
    ["multi-label", { kind: "multi-label", labels: odd }],
    ["two-targets", { kind: "regression", targets: odd.slice(0, 2) }],
  ])("are names of a task like others: %s", async (kind, task) => {
    const plain = toyDataset({ task: kind as "classification" });
    const renamed: Dataset = { ...plain, task };
    const [own, other] = await Promise.all([train(request, renamed), train(request, plain)]);
    const numbers = ({ metrics }: { metrics: { test: object } }): unknown[] => Object.values(metrics.test);
    expect(numbers(own)).toEqual(numbers(other));
    expect(Object.values((await evaluate(own.model, renamed)).metrics)).toEqual(numbers(other));
    const text = Array.from({ length: 6 }, (_, i) => i / 6);
    const said = JSON.stringify(own.model.predict({ text }));
    expect(said.match(/0\.\d+/g)).toEqual(JSON.stringify(other.model.predict({ text })).match(/0\.\d+/g));
    expect(said).toContain("__proto__");
  });
});

import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { datasetFromSamples, type SampleContent } from "./dataset-from-samples.js";
import type { SampleRecord } from "./sample-columns.js";

function content(train: SampleRecord[], more: Partial<SampleContent> = {}): SampleContent {
  return { name: "mine", splits: { train, valid: train.slice(0, 1), test: train.slice(0, 1) }, ...more };
}

const first = { features: { text: [1, 2], audio: [[1], [2], [3]] }, label: 0.5, text: "so", id: "a" };
const second = { features: { text: Float32Array.of(3, NaN), audio: null }, label: -1.5 };

describe("datasetFromSamples", () => {
  const dataset = datasetFromSamples(content([first, second]));
  const { train } = dataset.splits;

  it("makes tables of vectors and sequences, with padding and missing samples", () => {
    expect(dataset.modalities).toEqual([
      { name: "text", width: 2, steps: 1 },
      { name: "audio", width: 1, steps: 3 },
    ]);
    expect(train.ids).toEqual(["a", "train/1"]);
    expect(train.texts).toEqual(["so", ""]);
    expect([...(train.modalities["text"]?.values ?? [])]).toEqual([1, 2, 3, 0]);
    expect([...(train.modalities["audio"]?.values ?? [])]).toEqual([1, 2, 3, 0, 0, 0]);
    expect([...(train.modalities["audio"]?.mask ?? [])]).toEqual([1, 1, 1, 0, 0, 0]);
    expect([...(train.modalities["audio"]?.present ?? [])]).toEqual([1, 0]);
    expect(dataset.notes.join()).toContain("1 NaN or infinite values were read as 0");
  });

  it("reads labels as those of files", () => {
    expect(dataset.task).toMatchObject({ kind: "regression", targets: ["label"], range: [-3, 3] });
    const named = content([
      { ...first, label: "no" },
      { ...second, label: "yes" },
    ]);
    expect(datasetFromSamples(named).task).toEqual({ kind: "classification", classes: ["no", "yes"] });
    const two = content(
      [
        { ...first, label: [0.5, 3.5] },
        { ...second, label: [1.5, 2.5] },
      ],
      { targets: ["joy", "anger"] },
    );
    expect(datasetFromSamples(two).task).toMatchObject({ targets: ["joy", "anger"] });
    const one = datasetFromSamples(two, { target: "anger" });
    expect(one.task).toMatchObject({ targets: ["anger"] });
    expect([...one.splits.train.labels]).toEqual([3.5, 2.5]);
    const present = content([{ ...first, label: [0, 1] }], { task: "multi-label" });
    expect(datasetFromSamples(present).task).toMatchObject({ kind: "multi-label" });
  });

  it("takes options", () => {
    const pooled = datasetFromSamples(content([first, second]), { modalities: ["audio"], pool: "mean" });
    expect(pooled.modalities).toEqual([{ name: "audio", width: 1, steps: 1 }]);
    expect([...(pooled.splits.train.modalities["audio"]?.values ?? [])]).toEqual([2, 0]);
  });

  const wrong = (sample: unknown): (() => unknown) => {
    return () => datasetFromSamples(content([first, sample as SampleRecord]));
  };
  it.each<[string, () => unknown, string]>([
    ["another width", wrong({ ...second, features: { text: [1] } }), "data.width-mismatch"],
    ["text in a vector", wrong({ ...second, features: { text: [1, "2"] } }), "data.invalid-value"],
    ["text in the place of a vector", wrong({ ...second, features: { text: "12" } }), "data.format"],
    ["a hole in a sequence", wrong({ ...second, features: { audio: [[1], null] } }), "data.format"],
    ["no features", wrong({ label: 1 }), "data.format"],
    ["nothing", wrong(null), "data.format"],
    ["a number as id", wrong({ ...second, id: 7 }), "data.format"],
    ["a name among numbers", wrong({ ...second, label: "good" }), "data.format"],
    ["a label of another length", wrong({ ...second, label: [1, 2] }), "data.format"],
    ["a label that is NaN", wrong({ ...second, label: NaN }), "data.invalid-value"],
    ["labels without numbers", () => datasetFromSamples(content([{ ...first, label: [] }])), "data.format"],
    ["no label", wrong({ features: second.features }), "data.format"],
    ["no modality", () => datasetFromSamples(content([{ features: {}, label: 1 }])), "data.empty"],
    ["an empty split", () => datasetFromSamples(content([])), "data.empty"],
    [
      "a modality of valid alone",
      () =>
        datasetFromSamples({
          name: "mine",
          splits: { train: [second], valid: [first], test: [second] },
        }),
      "data.unknown-modality",
    ],
    ["a missing split", () => datasetFromSamples(content([first], { splits: {} as never })), "data.format"],
    ["no name", () => datasetFromSamples(content([first], { name: "" })), "data.format"],
    ["no content", () => datasetFromSamples(null as never), "data.format"],
    ["an unknown target", () => datasetFromSamples(content([first]), { target: "joy" }), "data.format"],
    ["names for too few", () => datasetFromSamples(content([first], { targets: ["a", "b"] })), "data.format"],
    [
      "an object's own name",
      () => datasetFromSamples(content([{ features: { constructor: [1] }, label: 1 }])),
      "data.unknown-modality",
    ],
  ])("refuses %s", (_, make, code) => {
    expect(codeOf(make)).toBe(code);
  });
});

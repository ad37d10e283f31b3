import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import type { SplitName } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import { type FoundNumbers, type LabelColumns, type RawLabels, readLabels } from "./labels.js";
import type { LabelOptions } from "./load-options.js";

const repeated = (values: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => values).flat();
const numbers = (
  columns: readonly string[],
  train: readonly number[],
  rest: readonly number[] = train,
): FoundNumbers => ({
  kind: "numbers",
  columns,
  values: mapSplits((name) => Float64Array.from(name === "train" ? train : rest)),
});
const read = (
  found: RawLabels["found"],
  options: LabelOptions = {},
  stated?: RawLabels["stated"],
): LabelColumns => readLabels({ place: "f.pkl: labels", found, stated }, options);
const names = (train: readonly string[], rest = train): RawLabels["found"] => ({
  kind: "names",
  values: mapSplits((name: SplitName) => (name === "train" ? train : rest)),
});

describe("labels without a description", () => {
  it("from 0 without gaps are classes, and the words say how to read them as a scale", () => {
    const { task, reading } = read(numbers(["labels"], repeated([0, 1, 2, 3, 4, 5, 6], 2)));
    expect(task).toEqual({ kind: "classification", classes: ["0", "1", "2", "3", "4", "5", "6"] });
    expect(reading.source).toBe("assumed");
    expect(reading.text).toMatch(/7 whole numbers 0 to 6; the task regression reads them as numbers/);
  });

  it("that are one-hot are classes", () => {
    const { task, labels, reading } = read(numbers(["a", "b", "c"], [0, 0, 1, 1, 0, 0, 0, 1, 0]));
    expect(task).toEqual({ kind: "classification", classes: ["0", "1", "2"] });
    expect([...labels.train]).toEqual([2, 0, 1]);
    expect(reading).toMatchObject({ source: "assumed", text: expect.stringContaining("one-hot") as string });
  });

  it("of 0 and 1 in several columns may occur together", () => {
    const { task, labels } = read(numbers(["joy", "anger"], [1, 1, 0, 0, 1, 0]));
    expect(task).toEqual({ kind: "multi-label", labels: ["joy", "anger"] });
    expect([...labels.test]).toEqual([1, 1, 0, 0, 1, 0]);
  });

  it("from 1 to 5 are a scale without a sign, and the text says what accuracies need", () => {
    const { task, reading } = read(numbers(["label"], repeated([1, 2, 3, 4, 5], 3)));
    expect(task).toEqual({ kind: "regression", targets: ["label"] });
    expect(reading.source).toBe("assumed");
    expect(reading.text).toMatch(
      /without a sign \(training labels from 1 to 5\); accuracies need a threshold/,
    );
    expect(reading.text).toMatch(/the task classification reads them as classes/);
  });

  it.each([
    [
      [-2.4, 1, 3],
      [-3, 3],
    ],
    [
      [-0.8, 0.2, 1],
      [-1, 1],
    ],
    [[-4.2, 1, 5], undefined],
    [[0.5, 2.4], undefined],
    [[-2, -0.4], undefined],
  ])("%j lie on the scale %j", (train, range) => {
    const { task, reading } = read(numbers(["y"], train));
    expect(task).toEqual({ kind: "regression", targets: ["y"], ...(range && { range }) });
    expect(reading.source).toBe("found");
  });

  it("get their scale from the training split alone; labels outside are counted", () => {
    const { task, notes } = read(numbers(["y"], [-0.8, 0.6], [-2.5, 0.5]));
    expect(task).toMatchObject({ range: [-1, 1] });
    expect(notes).toEqual([
      "warning: 1 of 2 labels of valid lie outside the scale [-1, 1]",
      "warning: 1 of 2 labels of test lie outside the scale [-1, 1]",
    ]);
  });
});

describe("labels with a description", () => {
  it("follow the option, whatever the source states", () => {
    const stated = { kind: "regression", by: "dataset.json" } as const;
    const { task, reading } = read(numbers(["y"], [3, 1, 3, 5]), { task: "classification" }, stated);
    expect(task).toEqual({ kind: "classification", classes: ["1", "3", "5"] });
    expect(reading).toEqual({
      source: "stated",
      text: "3 classes (1, 3, 5), because the option task says so",
    });
    expect(read(numbers(["y"], repeated([0, 1], 4)), {}, stated).task.kind).toBe("regression");
  });

  it("have the range, threshold and bins that are stated", () => {
    const found = numbers(["stars"], repeated([1, 2, 3, 4, 5], 2));
    const options = { task: "regression", range: [1, 5], threshold: 3, bins: [2.5, 3.5] } as const;
    expect(read(found, options).task).toEqual({
      kind: "regression",
      targets: ["stars"],
      range: [1, 5],
      threshold: 3,
      bins: [2.5, 3.5],
    });
    expect(read(found, options).reading.text).toMatch(/scale \[1, 5\], as the option range says/);
  });

  it("become present above a threshold", () => {
    const { task, labels } = read(numbers(["joy", "fear"], [0.33, 0, 3, 1]), {
      task: "multi-label",
      threshold: 0,
    });
    expect(task).toEqual({ kind: "multi-label", labels: ["joy", "fear"], threshold: 0 });
    expect([...labels.train]).toEqual([1, 0, 1, 1]);
  });

  it.each<[string, () => unknown, string, RegExp]>([
    [
      "a class of 0.5",
      () => read(numbers(["y"], [0.5, 1]), { task: "classification" }),
      "data.invalid-value",
      /sample 0 of train is 0.5, which is not a whole number/,
    ],
    [
      "rows with two classes",
      () => read(numbers(["a", "b"], [1, 1, 0, 1]), { task: "classification" }),
      "data.invalid-value",
      /labels of sample 0 are \(1, 1\), but classes in several columns must be one-hot/,
    ],
    [
      "an intensity as a presence",
      () => read(numbers(["joy"], [0, 0.33]), { task: "multi-label" }),
      "data.invalid-value",
      /label "joy" of sample 1 of train is 0.33/,
    ],
    [
      "names as numbers",
      () => read(names(["good", "bad"]), { task: "regression" }),
      "data.invalid-value",
      /names such as "good", but the task is regression, because the option task says so/,
    ],
    [
      "a range of classes",
      () => read(names(["good"]), { range: [0, 1] }),
      "config.conflict",
      /range has no meaning for the task classification/,
    ],
    [
      "folding of a scale",
      () => read(numbers(["y"], [0.5]), { foldClasses: true }),
      "config.conflict",
      /foldClasses has no meaning/,
    ],
    [
      "a range that falls",
      () => read(numbers(["y"], [0.5]), { range: [3, -3] }),
      "config.invalid",
      /two ascending numbers, but \[3, -3\]/,
    ],
    [
      "bins that fall",
      () => read(numbers(["y"], [0.5]), { bins: [1, 0] }),
      "config.invalid",
      /ascending edges, but \[1, 0\]/,
    ],
    [
      "a threshold of two targets",
      () => read(numbers(["a", "b"], [0.5, 2]), { threshold: 0 }),
      "config.conflict",
      /need a single target, but there are 2/,
    ],
    [
      "a class beyond the named ones",
      () =>
        read(numbers(["y"], [0, 2]), {}, { kind: "classification", by: "dataset.json", names: ["a", "b"] }),
      "data.invalid-value",
      /is 2, but there are 2 classes/,
    ],
    [
      "more one-hot columns than classes",
      () =>
        read(
          numbers(["a", "b", "c"], [0, 1, 0]),
          {},
          { kind: "classification", by: "dataset.json", names: ["a", "b"] },
        ),
      "data.format",
      /3 one-hot columns, but 2 classes/,
    ],
  ])("%s is refused", (_, run, code, message) => {
    expect(codeOf(run)).toBe(code);
    expect(run).toThrow(message);
  });
});

describe("class names", () => {
  const found = names(
    ["Positive", "positive", "Positive ", "Negative", "positive"],
    ["Negative", "Positive "],
  );

  it("that differ only in case or spaces are several classes, with a warning", () => {
    const { task, notes } = read(found);
    expect(task).toMatchObject({ classes: ["Negative", "Positive", "Positive ", "positive"] });
    expect(notes).toEqual([
      'warning: classes differ only in case or spaces: "Positive" = "Positive " = "positive" ' +
        "(--fold-classes merges them)",
    ]);
  });

  it("are joined on request, under the spelling that training has most often", () => {
    const { task, labels, notes } = read(found, { foldClasses: true });
    expect(task).toEqual({ kind: "classification", classes: ["Negative", "positive"] });
    expect([...labels.train]).toEqual([1, 1, 1, 0, 1]);
    expect([...labels.test]).toEqual([0, 1]);
    expect(notes).toEqual(['class names were merged: "Positive" = "Positive " = "positive"']);
  });

  it("of a description also find other spellings on request, and keep its order", () => {
    const stated = { kind: "classification", by: "dataset.json", names: ["Positive", "Negative"] } as const;
    const given = names(["Positive", "negative "]);
    expect(() => read(given, {}, stated)).toThrow(
      /the label of sample 1 of train is "negative ", which is not one/,
    );
    const { task, labels } = read(given, { foldClasses: true }, stated);
    expect(task).toMatchObject({ classes: ["Positive", "Negative"] });
    expect([...labels.train]).toEqual([0, 1]);
  });
});

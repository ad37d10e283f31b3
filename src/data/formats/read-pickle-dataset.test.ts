import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EuarError } from "../../core/errors.js";
import { isAbsent, realData } from "../../../test/real-data.js";
import type { Dataset, ModalityTable, SplitName } from "../dataset.js";
import { memorySource } from "./byte-source.js";
import { loadDataset } from "./load-dataset.js";
import type { LoadOptions } from "./load-options.js";
import { readPickleDataset } from "./read-pickle-dataset.js";

const folder = new URL("../../../test/fixtures/pickles/", import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const read = (name: string, options?: LoadOptions): Dataset =>
  readPickleDataset(memorySource(bytesOf(name), name), options);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<
  SplitName,
  {
    text: number[][][];
    audio: number[][][];
    vision: number[][];
    regression_labels: number[];
    raw_text: string[];
    id: string[];
  }
>;

function table(dataset: Dataset, split: SplitName, name: string): ModalityTable {
  const found = dataset.splits[split].modalities[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function failure(run: () => unknown): EuarError {
  try {
    run();
  } catch (error) {
    if (error instanceof EuarError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("MMSA pickles", () => {
  const variants = [0, 1, 2, 3, 4, 5].flatMap((protocol) => [
    `mmsa-p${protocol}.pkl`,
    `mmsa-p${protocol}-numpy1.pkl`,
  ]);

  it.each(variants)("%s gives the values that numpy wrote", (name) => {
    const dataset = read(name);
    expect(dataset.task).toEqual({ kind: "regression", targets: ["regression_labels"], range: [-3, 3] });
    expect(dataset.modalities).toEqual([
      { name: "text", width: 2, steps: 3 },
      { name: "audio", width: 3, steps: 4 },
      { name: "vision", width: 2, steps: 1 },
    ]);
    for (const split of ["train", "valid", "test"] as const) {
      const truth = expected[split];
      expect(Array.from(table(dataset, split, "text").values)).toEqual(truth.text.flat(2));
      expect(Array.from(table(dataset, split, "audio").values)).toEqual(truth.audio.flat(2));
      expect(Array.from(table(dataset, split, "vision").values)).toEqual(truth.vision.flat());
      expect(Array.from(dataset.splits[split].labels)).toEqual(truth.regression_labels);
      expect(dataset.splits[split].ids).toEqual(truth.id);
      expect(dataset.splits[split].texts).toEqual(truth.raw_text);
    }
  });

  it("masks padding on the left and on the right, and counts what it replaced", () => {
    const dataset = read("mmsa-p4.pkl");
    expect(Array.from(table(dataset, "valid", "text").mask)).toEqual([0, 1, 1, 0, 1, 1]);
    expect(Array.from(table(dataset, "valid", "audio").mask)).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
    expect(dataset.notes).toContain("train/audio: 2 NaN or infinite values were read as 0 (4.2% of all)");
  });

  it("reduces sequences to the mean of their real steps", () => {
    const dataset = read("mmsa-p4.pkl", { pool: "mean", modalities: ["audio", "text"] });
    expect(dataset.modalities).toEqual([
      { name: "audio", width: 3, steps: 1 },
      { name: "text", width: 2, steps: 1 },
    ]);
    const steps = expected.test.text[1]?.slice(1) ?? [];
    const mean = ((steps[0]?.[0] ?? 0) + (steps[1]?.[0] ?? 0)) / 2;
    expect(table(dataset, "test", "text").values[2]).toBeCloseTo(mean, 6);
    expect(Array.from(table(dataset, "test", "text").mask)).toEqual([1, 1, 1]);
  });

  it.each(["f2", "f8", "f4-big", "f8-big", "fortran", "fortran-p5", "integer-labels"])(
    "reads element type %s",
    (type) => {
      const values = Array.from({ length: 24 }, (_, i) => (i - 7.5) / 4);
      expect(Array.from(table(read(`type-${type}.pkl`), "train", "text").values)).toEqual(values);
    },
  );

  it("reads a flat array in Fortran order", () => {
    expect(Array.from(table(read("type-fortran-flat.pkl"), "train", "text").values)).toEqual(
      [0, 1, 6, 7, 12, 13, 18, 19].map((i) => (i - 7.5) / 4),
    );
  });

  it("reads strings of every storage, long ones too", () => {
    expect(read("object-strings.pkl").splits.test.texts).toEqual(["a", "b", "caf\u00e9", "d".repeat(5000)]);
    expect(read("fixed-strings.pkl").splits.test.texts).toEqual(["a", "bc", "caf\u00e9", ""]);
    const old = read("python2-p2.pkl");
    expect(old.splits.valid.texts).toEqual(["a", "b", "caf\u00e9", "d"]);
    expect(old.splits.valid.ids).toEqual(["valid0", "valid1", "valid2", "valid3"]);
    expect(table(old, "train", "text").values[23]).toBe(3.875);
  });

  it("pads an object array of sequences of different lengths", () => {
    const { mask, steps, values } = table(read("object-ragged.pkl"), "train", "text");
    expect(steps).toBe(3);
    expect(Array.from(mask)).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0]);
    expect(Array.from(values.slice(6, 12))).toEqual(
      [6, 7, 8, 9, -1, -1].map((i) => (i < 0 ? 0 : (i - 7.5) / 4)),
    );
  });

  it("offers the other labels as targets", () => {
    const annotations = read("mmsa-p4.pkl", { target: "annotations" });
    expect(annotations.task).toEqual({
      kind: "classification",
      classes: ["Negative", "Neutral", "Positive"],
    });
    const classes = read("mmsa-p4.pkl", { target: "classification_labels" });
    expect(classes.task).toEqual({ kind: "classification", classes: ["Negative", "Neutral", "Positive"] });
    expect(Array.from(classes.splits.train.labels)).toEqual([0, 0, 2, 2]);
    expect(failure(() => read("mmsa-p4.pkl", { target: "regresion_labels" })).hint).toBe(
      'Did you mean "regression_labels"?',
    );
  });

  it("finds modalities by their other names, and lists the existing ones", () => {
    expect(
      read("mmsa-p4.pkl", { modalities: ["video", "acoustic"] }).modalities.map(({ name }) => name),
    ).toEqual(["vision", "audio"]);
    const error = failure(() => read("mmsa-p4.pkl", { modalities: ["vison"] }));
    expect([error.code, error.hint]).toEqual(["data.unknown-modality", 'Did you mean "vision"?']);
    expect(failure(() => read("mmsa-p4.pkl", { modalities: ["audio", "acoustic"] })).message).toMatch(
      /requested twice/,
    );
  });

  it("ends in an error that a user understands, wherever the file is cut or changed", () => {
    const bytes = bytesOf("mmsa-p4.pkl");
    for (let length = 0; length < bytes.length; length += 7) {
      const error = failure(() => readPickleDataset(memorySource(bytes.subarray(0, length), "cut.pkl")));
      expect(error.message).toContain("cut.pkl");
    }
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      bytes[at] = original ^ (1 << (at % 8));
      try {
        readPickleDataset(memorySource(bytes, "changed.pkl"));
      } catch (error) {
        if (!(error instanceof EuarError)) throw error;
      }
      bytes[at] = original;
    }
  });
});

describe("MIB pickles", () => {
  it("reads lists of samples", () => {
    const dataset = read("mib.pkl");
    expect(dataset.modalities).toEqual([
      { name: "audio", width: 1, steps: 3 },
      { name: "vision", width: 2, steps: 3 },
    ]);
    expect(Array.from(dataset.splits.valid.labels)).toEqual([-1, 0, 1]);
    expect(dataset.splits.valid.ids).toEqual(["dev[0]", "dev[1]", "dev[2]"]);
    expect(dataset.splits.valid.texts?.[0]).toBe("good film");
    expect(Array.from(table(dataset, "test", "vision").mask)).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect(table(dataset, "train", "vision").values[6]).toBe((6 - 7.5) / 4);
  });
});

/** Opcodes of protocol 2 for small data sets, to be wrong in one thing at a time. */
const text = (value: string): string => `X${String.fromCharCode(value.length, 0, 0, 0)}${value}`;
const list = (items: readonly string[]): string => `](${items.join("")}e`;
const dict = (entries: Readonly<Record<string, string>>): string =>
  `}(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join("")}u`;
const float = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `G${String.fromCharCode(...new Uint8Array(view.buffer))}`;
};
const array = (shape: readonly number[], values?: readonly number[]): string => {
  const data =
    values === undefined
      ? "\x00\x00\x80\x3f".repeat(shape.reduce((product, size) => product * size, 1))
      : String.fromCharCode(...new Uint8Array(Float32Array.from(values).buffer));
  const sizes = shape.map((size) => `K${String.fromCharCode(size)}`).join("");
  return (
    `cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01(${sizes}t` +
    "cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R\x89" +
    `T${String.fromCharCode(data.length & 255, data.length >> 8, 0, 0)}${data}tb`
  );
};
const labels = (...values: number[]): string => list(values.map(float));
const part = (changes: Readonly<Record<string, string>> = {}): string =>
  dict({
    text: array([2, 3]),
    regression_labels: labels(-1, 2),
    id: list([text("a"), text("b")]),
    ...changes,
  });
const pickleOf = (splits: Readonly<Record<string, string>>): Uint8Array =>
  Uint8Array.from(`\x80\x02${dict(splits)}.`, (c) => c.charCodeAt(0));
const load = (splits: Readonly<Record<string, string>>, options?: LoadOptions): Dataset =>
  readPickleDataset(memorySource(pickleOf(splits), "f.pkl"), options);
const good = { train: part(), valid: part(), test: part() };

describe("layouts of public loaders", () => {
  const splitOf = (changes: Readonly<Record<string, string>>): string =>
    dict({ text: array([2, 3]), ...changes });
  const loadAll = (changes: Readonly<Record<string, string>>): Dataset =>
    load({ train: splitOf(changes), valid: splitOf(changes), test: splitOf(changes) });

  it("have labels of shape (N, 1, 1), and ids of several parts", () => {
    const { task, splits } = loadAll({
      labels: array([2, 1, 1], [-2.5, 3]),
      id: array([2, 3], [7, 0, 1, 7, 1, 2]),
    });
    expect(task).toEqual({ kind: "regression", targets: ["labels"], range: [-3, 3] });
    expect([[...splits.test.labels], splits.test.ids]).toEqual([
      [-2.5, 3],
      ["7_0_1", "7_1_2"],
    ]);
  });

  it("have pairs (absent, present) of shape (N, L, 2), which are labels that occur together", () => {
    const { task, splits, labelReading } = loadAll({ labels: array([2, 2, 2], [1, 0, 0, 1, 0, 1, 0, 1]) });
    expect(task).toEqual({ kind: "multi-label", labels: ["labels_0", "labels_1"] });
    expect([...splits.train.labels]).toEqual([0, 1, 1, 1]);
    expect(labelReading).toMatchObject({ source: "assumed" });
  });

  it("have ids of an impossible shape: an error", () => {
    expect(failure(() => loadAll({ labels: array([2], [0.5, 1]), id: array([2, 2, 2]) })).message).toMatch(
      /strings must have the shape \(N,\) or \(N, K\), but have \(2, 2, 2\)/,
    );
  });
});

describe("problems of a data set", () => {
  it("warns of ids in two splits", () => {
    expect(load(good).notes).toContain("warning: 2 ids appear in both train and valid");
  });

  it.each<[string, () => unknown, string, RegExp]>([
    [
      "no test split",
      () => load({ train: part(), valid: part() }),
      "data.format",
      /no split "test"; the keys are train, valid/,
    ],
    [
      "a list instead of a dict",
      () => readPickleDataset(memorySource(Uint8Array.of(0x5d, 0x2e), "f.pkl")),
      "data.format",
      /a dict was expected, but there is a list of 0/,
    ],
    [
      "an empty file",
      () => readPickleDataset(memorySource(new Uint8Array(0), "f.pkl")),
      "data.empty",
      /f\.pkl is empty/,
    ],
    [
      "an empty split",
      () => load({ ...good, valid: part({ text: array([0, 3]), regression_labels: "]", id: "]" }) }),
      "data.empty",
      /valid: the split has no samples/,
    ],
    [
      "no labels",
      () => load({ train: dict({ text: array([2, 3]) }), valid: part(), test: part() }),
      "data.format",
      /train has no labels; its keys are text/,
    ],
    [
      "no features",
      () => load({ train: dict({ regression_labels: labels(1, 2) }), valid: part(), test: part() }),
      "data.format",
      /train has no array of features/,
    ],
    [
      "text as regression labels",
      () => load({ ...good, train: part({ regression_labels: list([text("1.0"), text("2.0")]) }) }),
      "data.invalid-value",
      /regression_labels: the labels are names such as "1.0", but the task is regression/,
    ],
    [
      "labels missing in one split",
      () => load({ ...good, test: dict({ text: array([2, 3]) }) }),
      "data.format",
      /test has no "regression_labels"/,
    ],
    [
      "a label that is not a number",
      () => load({ ...good, test: part({ regression_labels: labels(1, NaN) }) }),
      "data.invalid-value",
      /test: the label of sample 1 \(id "b"\) is NaN/,
    ],
    [
      "an infinite label",
      () => load({ ...good, train: part({ regression_labels: labels(Infinity, 0) }) }),
      "data.invalid-value",
      /train: the label of sample 0 .* is Infinity/,
    ],
    [
      "another width",
      () => load({ ...good, valid: part({ text: array([2, 4]) }) }),
      "data.width-mismatch",
      /valid\/text: 4 features, but 3 in the training split/,
    ],
    [
      "another number of rows",
      () => load({ ...good, test: part({ text: array([3, 3]) }) }),
      "data.format",
      /test\/text: there are 3 samples, but 2 labels/,
    ],
    [
      "another number of ids",
      () => load({ ...good, test: part({ id: list([text("a")]) }) }),
      "data.format",
      /test\/id: there are 1 items, but 2 labels/,
    ],
    [
      "a modality missing in one split",
      () => load({ ...good, test: dict({ audio: array([2, 3]), regression_labels: labels(1, 2) }) }),
      "data.format",
      /test: the modality "text" is missing/,
    ],
    [
      "no width",
      () => load({ ...good, train: part({ text: array([2, 0]) }) }),
      "data.empty",
      /train\/text: the samples have no features/,
    ],
    [
      "four dimensions",
      () => load({ ...good, train: part({ text: array([2, 1, 1, 3]) }) }),
      "data.format",
      /must have the shape \(N, D\) or \(N, T, D\), but have \(2, 1, 1, 3\)/,
    ],
    [
      "ragged widths",
      () => load({ ...good, train: part({ text: list([array([2, 3]), array([1, 4])]) }) }),
      "data.format",
      /sample 1 has 4 features per step/,
    ],
    [
      "a sample of MIB without features",
      () => load({ train: list([text("x")]), dev: list([]), test: list([]) }),
      "data.format",
      /train\[0\]: a sample must be/,
    ],
  ])("%s", (_what, run, code, message) => {
    const error = failure(run);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain("f.pkl");
  });
});

it("names the omitted models", () => {
  expect(load({ ...good, train: part({ vision: list([text("a.mp4"), text("b.mp4")]) }) }).notes).toContain(
    "omitted, because they are not arrays of floating-point numbers: vision",
  );
  expect(load(good).notes.join()).not.toContain("left out");
});

describe("missing modalities in a pickle", () => {
  it("a presence key marks missing modalities; an empty sequence is missing, a zero vector is not", () => {
    const zeros = array([2, 2, 3]).replaceAll("\x00\x00\x80\x3f", "\x00\x00\x00\x00");
    const flat = array([2, 3]).replaceAll("\x00\x00\x80\x3f", "\x00\x00\x00\x00");
    const split = part({
      text: flat,
      audio: zeros,
      vision: array([2, 3]),
      vision_present: list(["K\x01", "K\x00"]),
    });
    const dataset = load({ train: split, valid: split, test: split });
    expect(Array.from(table(dataset, "train", "text").present)).toEqual([1, 1]);
    expect(Array.from(table(dataset, "train", "audio").present)).toEqual([0, 0]);
    expect(Array.from(table(dataset, "train", "vision").present)).toEqual([1, 0]);
    expect(dataset.notes).toContain("train/audio: 2 samples have no real step and count as missing");
    expect(dataset.notes).toContain("train/vision: 1 samples are marked as missing");
  });
});

describe("paths", () => {
  it.each([
    ["/nowhere/at/all.pkl", "data.not-found", /does not exist/],
    ["", "data.not-found", /No data set was named/],
    ["synthetic:sed=3", "data.format", /"sed" is not an option/],
  ])("%j", async (path, code, message) => {
    await expect(loadDataset(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it("says that a folder needs a description", async () => {
    await expect(loadDataset(new URL(".", folder).pathname)).rejects.toMatchObject({
      code: "data.not-found",
      message: expect.stringContaining("dataset.json") as string,
    });
  });
});

describe.skipIf(isAbsent("mosi"))("the real MOSI files", () => {
  it("reads the standard split", async () => {
    const dataset = await loadDataset(realData("mosi/mosi_standard_la.pkl"));
    expect(["train", "valid", "test"].map((name) => dataset.splits[name as SplitName].size)).toEqual([
      1284, 229, 686,
    ]);
    expect(dataset.modalities).toEqual([
      { name: "text", width: 512, steps: 1 },
      { name: "audio", width: 73, steps: 1 },
    ]);
    expect(dataset.splits.test.texts?.[0]).toBe("OH MY GOSH BAD MOVIE");
    expect(dataset.splits.test.labels[0]).toBeCloseTo(-2.8, 6);
  });

  it.each([0, 1, 2, 3, 4])("reads fold %d with three modalities", async (fold) => {
    const dataset = await loadDataset(realData(`mosi/mosi752_lav_fold${fold}.pkl`));
    expect(dataset.modalities.map(({ name, width }) => [name, width])).toEqual([
      ["text", 512],
      ["audio", 73],
      ["vision", 100],
    ]);
    const { train, valid, test } = dataset.splits;
    expect(train.size + valid.size + test.size).toBe(752);
  });
});

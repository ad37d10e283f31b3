import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isAbsent, realData } from "../../../test/real-data.js";
import type { Dataset } from "../dataset.js";
import { loadDataset } from "./load-dataset.js";
import type { LoadOptions } from "./load-options.js";

const root = mkdtempSync(join(tmpdir(), "euar-folder-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
let made = 0;

function npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }\n`;
  const bytes = new Uint8Array(10 + header.length + 4 * values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  bytes.set(
    Uint8Array.from(header, (c) => c.charCodeAt(0)),
    10,
  );
  bytes.set(new Uint8Array(Float32Array.from(values).buffer), 10 + header.length);
  return bytes;
}

/** Writes a folder and loads it. */
async function load(
  files: Readonly<Record<string, string | Uint8Array | object>>,
  options?: LoadOptions,
): Promise<Dataset> {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      join(folder, name),
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
    );
  }
  return loadDataset(folder, options);
}

const features = { "x.npy": npy([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]) };
const table =
  "name\tpart\tscore\tmood\ttext\na\ttrain\t-1\tbad\thello\nb\tdev\t2\tgood\t\nc\ttest\t0.5\tgood\tx\n" +
  "d\ttrain\t3\tbad\ty\n";
const description = {
  task: { kind: "regression" },
  all: { features: { audio: "x.npy" }, table: "rows.tsv" },
  columns: { id: "name", text: "text", labels: "score", split: "part" },
  splitNames: { train: "train", valid: "dev", test: "test" },
};
const good = { ...features, "rows.tsv": table, "dataset.json": description };

describe("a folder with one table", () => {
  it("divides the rows by the split column", async () => {
    const { splits, task } = await load(good);
    expect(task).toEqual({ kind: "regression", targets: ["score"], range: [-3, 3] });
    expect(splits.train.ids).toEqual(["a", "d"]);
    expect(splits.train.texts).toEqual(["hello", "y"]);
    expect(Array.from(splits.train.modalities["audio"]?.values ?? [])).toEqual([1, 2, 7, 8]);
    expect(Array.from(splits.valid.labels)).toEqual([2]);
    expect(Array.from(splits.test.modalities["audio"]?.values ?? [])).toEqual([5, 6]);
  });

  it("reads the same from CSV with quotes and from JSONL", async () => {
    const rows = table
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    const csv = rows.map((row) => row.map((field) => `"${field}"`).join(",")).join("\r\n");
    const [header = [], ...body] = rows;
    const jsonl = body
      .map((row) => JSON.stringify(Object.fromEntries(row.map((field, i) => [header[i], field]))))
      .join("\n");
    const expected = (await load(good)).splits.train;
    for (const [name, text] of [
      ["rows.csv", csv],
      ["rows.jsonl", jsonl],
    ] as const) {
      const { splits } = await load({
        ...features,
        [name]: text,
        "dataset.json": { ...description, all: { ...description.all, table: name } },
      });
      expect(splits.train).toEqual(expected);
    }
  });

  it("takes class names, in a given order or a natural one", async () => {
    const classes = {
      ...description,
      task: { kind: "classification" },
      columns: { ...description.columns, labels: "mood" },
    };
    expect((await load({ ...good, "dataset.json": classes })).task).toEqual({
      kind: "classification",
      classes: ["bad", "good"],
    });
    const ordered = await load({
      ...good,
      "dataset.json": { ...classes, task: { kind: "classification", classes: ["good", "bad"] } },
    });
    expect(Array.from(ordered.splits.train.labels)).toEqual([1, 1]);
  });

  it("learns a single one of several targets", async () => {
    const several = { ...description, columns: { ...description.columns, labels: ["score", "other"] } };
    const rows = table.replace("\tmood", "\tother").replaceAll(/bad|good/g, "7");
    expect((await load({ ...good, "rows.tsv": rows, "dataset.json": several })).task).toMatchObject({
      targets: ["score", "other"],
    });
    const one = await load({ ...good, "rows.tsv": rows, "dataset.json": several }, { target: "other" });
    expect(Array.from(one.splits.train.labels)).toEqual([7, 7]);
  });
});

describe("a folder with files per split", () => {
  const files = { features: { text: "x.npy" }, labels: "y.npy" };
  const perSplit = {
    task: { kind: "regression", targets: ["a", "b"] },
    splits: { train: files, valid: files, test: files },
  };

  it("reads several targets from an array", async () => {
    const { splits, task, notes } = await load({
      ...features,
      "y.npy": npy([4, 2], [1, 10, 2, 20, 3, 30, 4, 40]),
      "dataset.json": perSplit,
    });
    expect(task).toEqual({ kind: "regression", targets: ["a", "b"] });
    expect(Array.from(splits.test.labels.slice(2, 4))).toEqual([2, 20]);
    expect(splits.test.ids[3]).toBe("test/3");
    expect(notes.some((note) => note.startsWith("warning"))).toBe(false);
  });

  it("reads class indices from an array", async () => {
    const data = {
      ...features,
      "y.npy": npy([4], [0, 2, 1, 0]),
      "dataset.json": { ...perSplit, task: { kind: "classification", classes: ["x", "y", "z"] } },
    };
    expect(Array.from((await load(data)).splits.train.labels)).toEqual([0, 2, 1, 0]);
    await expect(load({ ...data, "y.npy": npy([4], [0, 3, 1, 0]) })).rejects.toThrow(
      /label of sample 1 of train is 3, but there are 3 classes/,
    );
  });
});

describe("problems of a folder", () => {
  it.each<[string, Readonly<Record<string, string | Uint8Array | object>>, RegExp, RegExp]>([
    ["broken JSON", { ...good, "dataset.json": "{" }, /dataset\.json is not valid JSON/, /./],
    [
      "a misspelt key",
      { ...good, "dataset.json": { ...description, colums: {} } },
      /unknown key "colums"/,
      /Did you mean "columns"/,
    ],
    [
      "a misspelt inner key",
      { ...good, "dataset.json": { ...description, columns: { lables: "score" } } },
      /unknown key "lables" at "columns"/,
      /Did you mean "labels"/,
    ],
    [
      "a wrong task",
      { ...good, "dataset.json": { ...description, task: { kind: "regresion" } } },
      /at "task\.kind"/,
      /./,
    ],
    [
      "neither splits nor all",
      { ...good, "dataset.json": { task: { kind: "regression" } } },
      /exactly one of "splits" and "all"/,
      /./,
    ],
    [
      "no split column",
      { ...good, "dataset.json": { ...description, columns: { labels: "score" } } },
      /"all" needs a table and the name of its split column/,
      /./,
    ],
    [
      "an absent column",
      { ...good, "dataset.json": { ...description, columns: { ...description.columns, labels: "scor" } } },
      /no column "scor"/,
      /Did you mean "score"/,
    ],
    [
      "an absent file",
      {
        ...good,
        "dataset.json": { ...description, all: { ...description.all, features: { audio: "y.npy" } } },
      },
      /y\.npy does not exist/,
      /./,
    ],
    [
      "a split without rows",
      {
        ...good,
        "dataset.json": { ...description, splitNames: { train: "train", valid: "valid", test: "test" } },
      },
      /no row has "valid" in the column "part"/,
      /splitNames/,
    ],
    [
      "a label that is no number",
      { ...good, "rows.tsv": table.replace("0.5", "half") },
      /test, row 1, column "score": "half" is not a finite number/,
      /./,
    ],
    [
      "a label that is NaN",
      { ...good, "rows.tsv": table.replace("0.5", "NaN") },
      /"NaN" is not a finite number/,
      /./,
    ],
    [
      "a ragged row",
      { ...good, "rows.tsv": table.replace("hello", "hello\textra") },
      /row 1: 6 fields, but the header has 5/,
      /./,
    ],
    [
      "too few features",
      { ...good, "x.npy": npy([3, 2], [1, 2, 3, 4, 5, 6]) },
      /x\.npy: the array has 3 rows, but the table has 4/,
      /./,
    ],
    [
      "a file that is no array",
      { ...good, "x.npy": "hello world" },
      /x\.npy is not a \.npy file/,
      /numpy\.save/,
    ],
  ])("%s", async (_what, files, message, hint) => {
    await expect(load(files)).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it("an unknown modality or target", async () => {
    await expect(load(good, { modalities: ["vision"] })).rejects.toMatchObject({
      code: "data.unknown-modality",
    });
    await expect(load(good, { target: "scores" })).rejects.toMatchObject({ hint: 'Did you mean "score"?' });
  });
});

/** The example of docs/formats.md, so that the page cannot go stale. */
function documentedExample(folder: string): unknown {
  const page = readFileSync(new URL("../../../docs/formats.md", import.meta.url), "utf8");
  const json = /<!-- pom -->\s*```json\n(.*?)```/s.exec(page)?.[1] ?? "";
  return JSON.parse(json.replaceAll("pom/", `${folder}/`));
}

describe.skipIf(isAbsent("pom"))("the real POM files", () => {
  it("load with the description in the documentation", async () => {
    const { modalities, task, splits } = await load({
      "dataset.json": documentedExample(realData("pom")) as object,
    });
    expect(modalities).toEqual([
      { name: "audio", width: 43, steps: 20 },
      { name: "video", width: 41, steps: 20 },
    ]);
    expect([splits.train.size, splits.valid.size, splits.test.size]).toEqual([600, 100, 203]);
    expect(task.kind === "regression" && task.targets.length).toBe(17);
    // left-padded
    expect(Array.from(splits.train.modalities["audio"]?.mask.slice(0, 4) ?? [])).toEqual([0, 0, 1, 1]);
  });
});

describe("a folder of another program", () => {
  it("refuses relative paths that lead out of it", async () => {
    const reaching = { ...description, all: { ...description.all, table: "../rows.tsv" } };
    await expect(load({ ...good, "dataset.json": reaching })).rejects.toMatchObject({
      code: "data.unsafe",
      message: expect.stringContaining("../rows.tsv") as string,
    });
    const inside = { ...description, all: { ...description.all, table: "./sub/../rows.tsv" } };
    expect((await load({ ...good, "dataset.json": inside })).splits.train.size).toBe(2);
  });

  it("may begin its description with a byte order mark", async () => {
    expect(
      (await load({ ...good, "dataset.json": `\ufeff${JSON.stringify(description)}` })).splits.train.size,
    ).toBe(2);
  });

  it.each([
    [
      "a table that is not UTF-8",
      { "rows.tsv": Uint8Array.from(table.replace("hello", "h\u00e9"), (c) => c.charCodeAt(0)) },
      "data.format",
      "UTF-8",
    ],
    [
      "two columns of one name",
      { "rows.tsv": table.replace("mood", "score") },
      "data.format",
      'two columns "score"',
    ],
    ["hexadecimal labels", { "rows.tsv": table.replace("0.5", "0x10") }, "data.invalid-value", "0x10"],
  ])("is refused with %s", async (_, files, code, part) => {
    await expect(load({ ...good, ...files })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part) as string,
    });
  });

  it.runIf(process.platform !== "win32")("does not make the reader wait for a named pipe", async () => {
    const folder = join(root, String(made++));
    mkdirSync(folder);
    for (const [name, content] of Object.entries({ ...good, "dataset.json": JSON.stringify(description) }))
      writeFileSync(join(folder, name), content);
    rmSync(join(folder, "x.npy"));
    expect(spawnSync("mkfifo", [join(folder, "x.npy")]).status).toBe(0);
    await expect(loadDataset(folder)).rejects.toMatchObject({
      code: "data.format",
      message: expect.stringContaining("not a regular file") as string,
    });
  });
});

describe("labels that a model cannot learn from", () => {
  it("are worth a warning", async () => {
    const constant = table.replace("\t-1\t", "\t3\t");
    expect((await load({ ...good, "rows.tsv": constant })).notes).toContain(
      "warning: every label of train is the same: score",
    );
    const classes = {
      ...description,
      task: { kind: "classification" },
      columns: { ...description.columns, labels: "mood" },
    };
    expect((await load({ ...good, "dataset.json": classes })).notes).toContain(
      "warning: train has no sample of good",
    );
    expect((await load(good)).notes.filter((note) => note.startsWith("warning"))).toEqual([]);
  });
});

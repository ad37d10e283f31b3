import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import type { FeatureOrigin } from "../adapter-identity.js";
import type { Dataset, ModalityTable, Split, SplitName, Task } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import { loadDataset } from "./load-dataset.js";
import { requireApart, requireOutside } from "../files/output-place.js";
import { replaceFolder, requireReplaceable } from "./replace-folder.js";
import { writeFolder } from "./write-folder.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-write-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;
const origin: FeatureOrigin = {
  adapter: "text/test",
  version: 2,
  packages: { some: "1.0.0" },
  options: { pool: "mean", x: null },
  width: 2,
};

/**
 * Sequences with padding on either side, zeros as real steps, an absent sample, tiny and large values. Values
 * are as a reader leaves them: zero where padded or absent.
 */
function sequences(): ModalityTable {
  const values = Float32Array.of(0, 0, 1.5, -2, 3e-39, 1, /**/ 0, 0, 0, 0, 0, 0, /**/ 0.1, 3e38, 0, 0, 0, 0);
  return {
    width: 2,
    steps: 3,
    values,
    mask: Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 1, 0),
    present: Uint8Array.of(1, 0, 1),
  };
}

function vectors(): ModalityTable {
  return {
    width: 2,
    steps: 1,
    values: Float32Array.of(0, 0, 1, -1, 7, 8),
    mask: Uint8Array.of(1, 1, 1),
    present: Uint8Array.of(1, 1, 1),
  };
}

function made(
  task: Task,
  labels: readonly number[],
  names: readonly [string, string] = ["text", "audio"],
): Dataset {
  const split = (name: SplitName): Split => ({
    name,
    size: 3,
    ids: [`${name} "1"`, `${name}\n2`, `${name},3`],
    texts: ["plain", "", 'tab\tquote " emoji \u{1f600}'],
    labels: Float32Array.from(labels),
    modalities: { [names[0]]: vectors(), [names[1]]: sequences() },
  });
  return {
    name: "made",
    task,
    modalities: [
      { name: names[0], width: 2, steps: 1 },
      { name: names[1], width: 2, steps: 3 },
    ],
    splits: mapSplits(split),
    notes: [],
  };
}

const regression: Task = { kind: "regression", targets: ["sentiment"], range: [-3, 3] };
const tasks: [Task, number[]][] = [
  [regression, [0.1, -3, 2.7182817]],
  [{ kind: "regression", targets: ["id", "text"], range: [-1, 1] }, [0.3, -1, 0, 1, 0.7, -0.2]],
  [{ kind: "classification", classes: ["zebra", "ape", "10", "2"] }, [2, 0, 1]],
  [{ kind: "multi-label", labels: ["joy", "anger"] }, [1, 0, 0, 0, 1, 1]],
];

describe("writeFolder", () => {
  it.each(tasks)("writes %j so that it is read back to the same bits", async (task, labels) => {
    const dataset = made(task, labels);
    await writeFolder(folder, dataset, never);
    const { notes, labelReading, ...read } = await loadDataset(folder);
    expect(labelReading?.source).toBe("stated");
    expect({ ...read, notes: [] }).toEqual(dataset);
    expect(notes[0]).toContain("described by");
  });

  it("keeps the corruption of the samples", async () => {
    const dataset = made(regression, [0, 1, -1]);
    const { test } = dataset.splits;
    const corruption = {
      text: { severity: Float32Array.of(0, 0.25, 1), kind: ["clean", "typos", "typos"] },
      audio: { severity: Float32Array.of(0.5, 0, 0), kind: ["mute", "clean", "clean"] },
    };
    await writeFolder(
      folder,
      { ...dataset, splits: { ...dataset.splits, test: { ...test, corruption } } },
      never,
    );
    const { splits } = await loadDataset(folder);
    expect([splits.train.corruption, splits.test.corruption]).toEqual([undefined, corruption]);
    const table = join(folder, "test", "table.jsonl");
    writeFileSync(table, readFileSync(table, "utf8").replace('"text.severity":0.25', '"text.severity":"-1"'));
    await expect(loadDataset(folder)).rejects.toThrow('row 2: the severity of "text" is "-1"');
  });

  it("keeps the origin and the corruption of the features", async () => {
    const noise = { specification: "image=gaussian/clean:5", seed: 3, splits: ["test"] } as const;
    const corruption = [
      { specification: "gaussian:1", seed: 0, splits: ["test", "valid"], units: "train" },
      { available: ["text"], seed: 1, splits: ["test"], units: "abc" },
    ] as const;
    const dataset: Dataset = {
      ...made(regression, [0, 1, -1]),
      features: { text: origin },
      noise,
      corruption,
    };
    await writeFolder(folder, dataset, never);
    const read = await loadDataset(folder);
    expect([read.features, read.noise, read.corruption]).toEqual([dataset.features, noise, corruption]);
    expect(read.notes.filter((note) => note.startsWith("warning:"))).toEqual([
      "warning: test made of media with noise: image=gaussian/clean:5, seed 3",
      "warning: features of test, valid corrupted: gaussian:1, seed 0",
      "warning: features of test corrupted: only text left, seed 1",
    ]);
  });

  it("never uses a modality's name as a path", async () => {
    const dataset = made(regression, [0, 1, -1], ["../up", "labels"]);
    await writeFolder(folder, dataset, never);
    expect(readdirSync(join(folder, "test")).sort()).toEqual([
      "labels.npy",
      "modality-1.mask.npy",
      "modality-1.npy",
      "modality-2.mask.npy",
      "modality-2.npy",
      "table.jsonl",
    ]);
    expect((await loadDataset(folder)).splits).toEqual(dataset.splits);
  });

  it("hides masked and missing values: the samples have what a model reads", async () => {
    const dataset = made(regression, [0, 1, -1]);
    const stale = {
      ...sequences(),
      values: new Float32Array(18).fill(9),
      mask: Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 1, 0),
    };
    await writeFolder(
      folder,
      {
        ...dataset,
        splits: {
          ...dataset.splits,
          test: { ...dataset.splits.test, modalities: { text: vectors(), audio: stale } },
        },
      },
      never,
    );
    const audio = (await loadDataset(folder)).splits.test.modalities["audio"];
    expect(Array.from(audio?.values ?? [])).toEqual([0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 0, 0]);
    expect(Array.from(audio?.present ?? [])).toEqual([1, 0, 1]);
  });

  it("refuses features that are not finite, for they would be read as zeros", async () => {
    const dataset = made(regression, [0, 1, -1]);
    dataset.splits.valid.modalities["text"]?.values.fill(Infinity, 3, 4);
    await expect(writeFolder(folder, dataset, never)).rejects.toMatchObject({
      code: "data.invalid-value",
      message: expect.stringContaining('valid, sample 1 (id "valid\n2")') as string,
    });
  });
});

describe("replaceFolder", () => {
  const fill = (dataset: Dataset) => (inside: string) => writeFolder(inside, dataset, never);
  const copy: Dataset = {
    ...made(regression, [0, 1, -1]),
    corruption: [{ specification: "gaussian:1", seed: 1, splits: ["test"], units: "train" }],
  };
  const out = (): string => join(folder, "deep", "out");

  it("leaves nothing behind when writing fails, neither in place nor next to it", async () => {
    await expect(replaceFolder(out(), false, () => Promise.reject(new Error("disk")))).rejects.toThrow(
      "disk",
    );
    expect(readdirSync(join(folder, "deep"))).toEqual([]);
    await replaceFolder(out(), false, fill(copy));
    const before = readFileSync(join(out(), "dataset.json"), "utf8");
    const stop = new AbortController();
    stop.abort();
    await expect(
      replaceFolder(out(), true, (inside) => writeFolder(inside, { ...copy, name: "other" }, stop.signal)),
    ).rejects.toThrow();
    expect(readFileSync(join(out(), "dataset.json"), "utf8")).toBe(before);
    expect(readdirSync(join(folder, "deep"))).toEqual(["out"]);
  });

  it("replaces a corrupted copy on request, and nothing else ever", async () => {
    await replaceFolder(out(), false, fill(copy));
    expect(
      codeOf(() => {
        requireReplaceable(out(), false);
      }),
    ).toBe("config.conflict");
    await replaceFolder(out(), true, fill({ ...copy, name: "second" }));
    expect((await loadDataset(out())).name).toBe("second");
    expect(readdirSync(join(folder, "deep"))).toEqual(["out"]);

    writeFileSync(join(out(), "mine.txt"), "keep");
    expect(
      codeOf(() => {
        requireReplaceable(out(), true);
      }),
    ).toBe("config.conflict");
    const original = join(folder, "original");
    mkdirSync(original);
    await writeFolder(original, made(regression, [0, 1, -1]), never);
    expect(
      codeOf(() => {
        requireReplaceable(original, true);
      }),
    ).toBe("config.conflict");
    writeFileSync(join(folder, "file"), "");
    expect(
      codeOf(() => {
        requireReplaceable(join(folder, "file"), true);
      }),
    ).toBe("config.conflict");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    expect(
      codeOf(() => {
        requireReplaceable(join(folder, "link"), true);
      }),
    ).toBe("config.conflict");
    expect(existsSync(join(out(), "mine.txt"))).toBe(true);
  });

  it("fills an empty folder", async () => {
    mkdirSync(out(), { recursive: true });
    await replaceFolder(out(), false, fill(copy));
    expect((await loadDataset(out())).name).toBe("made");
  });

  it("refuses an output in the folder of the data", () => {
    const data = join(folder, "source");
    mkdirSync(data);
    writeFileSync(join(data, "dataset.json"), "{}");
    writeFileSync(join(folder, "b.pkl"), "");
    symlinkSync(data, join(folder, "link"));
    const outside = (to: string, from: string): string =>
      codeOf(() => {
        requireOutside(to, from);
      });
    expect(outside(data, data)).toBe("config.conflict");
    expect(outside(join(data, "run", "deep"), data)).toBe("config.conflict");
    expect(outside(join(folder, "link", "run"), data)).toBe("config.conflict");
    expect(outside(join(data, "run"), join(data, "dataset.json"))).toBe("config.conflict");
    expect(outside(join(folder, "b.pkl"), join(folder, "b.pkl"))).toBe("config.conflict");
    expect(outside(folder, data)).toBe("no error");
    expect(outside(join(folder, "source-run"), data)).toBe("no error");
    expect(outside(join(folder, "run"), join(folder, "b.pkl"))).toBe("no error");
    expect(outside(join(folder, "run"), "synthetic")).toBe("no error");
  });

  it("keeps the copy and its source apart", () => {
    const data = join(folder, "data");
    mkdirSync(data);
    writeFileSync(join(data, "dataset.json"), "{}");
    writeFileSync(join(folder, "a.pkl"), "");
    const apart = (to: string, from: string): string =>
      codeOf(() => {
        requireApart(to, from);
      });
    expect(apart(data, data)).toBe("config.conflict");
    expect(apart(join(data, "copy"), data)).toBe("config.conflict");
    expect(apart(folder, data)).toBe("config.conflict");
    expect(apart(data, join(data, "dataset.json"))).toBe("config.conflict");
    expect(apart(folder, join(folder, "a.pkl"))).toBe("config.conflict");
    expect(apart(join(folder, "data-noisy"), data)).toBe("no error");
    expect(apart(join(folder, "out"), join(folder, "a.pkl"))).toBe("no error");
    expect(apart(join(folder, "out"), "synthetic")).toBe("no error");
  });
});

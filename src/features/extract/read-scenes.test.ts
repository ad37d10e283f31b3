import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { makeScenes, sceneClasses } from "../testing/make-scenes.js";
import { openLocalExecutor } from "./executor.js";
import { extractDataset } from "./extract-dataset.js";
import { isPictureFolder, readSource } from "./read-source.js";

const options = { label: "label", seed: 1 };

describe("NYU Depth V2", () => {
  let root = "";
  const at = (name: string): string => join(root, name);
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "euar-scenes-"));
    await makeScenes(at("nyud2"), { train: 4, test: 2 });
    await makeScenes(at("validated"), { train: 1, val: 1, test: 1 });
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("is recognised by its folders and pairs; a tenth of each class of train becomes valid", () => {
    expect(isPictureFolder(at("nyud2"))).toBe(true);
    const { samples, modalities, notes, failures } = readSource(at("nyud2"), options);
    expect(failures).toEqual([]);
    expect(modalities).toEqual([
      { name: "rgb", kind: "image", part: "left" },
      { name: "depth", kind: "image", part: "right" },
    ]);
    expect(notes).toEqual([expect.stringContaining("a tenth of each class of train was drawn with seed 1")]);
    const count = (split: string): number => samples.filter((sample) => sample.split === split).length;
    expect([count("train"), count("valid"), count("test")]).toEqual([30, 10, 20]);
    const valid = samples.filter(({ split }) => split === "valid").map(({ label }) => label);
    expect([...valid].sort()).toEqual([...sceneClasses].sort());
    const [sample] = samples;
    expect(sample?.files["rgb"]).toBe(sample?.files["depth"]);
    const other = readSource(at("nyud2"), { ...options, seed: 2 }).samples;
    expect(other.map(({ split }) => split)).not.toEqual(samples.map(({ split }) => split));
  });

  it("keeps a valid that is there", () => {
    const { samples, notes } = readSource(at("validated"), options);
    expect(samples.filter(({ split }) => split === "valid")).toHaveLength(10);
    expect(samples.filter(({ split }) => split === "valid").every(({ id }) => id.startsWith("val/"))).toBe(
      true,
    );
    expect(notes).toEqual([]);
  });

  it("is not a folder of single pictures by class", async () => {
    for (const split of ["train", "test"]) {
      mkdirSync(at(`single/${split}/cat`), { recursive: true });
      const image = { width: 8, height: 8, channels: 3, background: "red" } as const;
      writeFileSync(at(`single/${split}/cat/1.png`), await sharp({ create: image }).png().toBuffer());
    }
    expect(isPictureFolder(at("single"))).toBe(false);
    expect(() => readSource(at("single"), options)).toThrow(expect.objectContaining({ code: "data.format" }));
  });

  it("gives the left half as rgb and the right half as depth", async () => {
    await extractDataset(
      {
        input: at("nyud2"),
        out: at("data"),
        adapters: {},
        kindAdapters: { image: { adapter: "image/pixels", options: { side: 2 } } },
        ...{ align: "none", steps: 1, pool: "none", fps: 5, workers: 1, overwrite: false },
        ...options,
      },
      { signal: new AbortController().signal, onProgress: () => undefined, openExecutor: openLocalExecutor },
    );
    const { splits, task, features } = await loadDataset(at("data"));
    expect(task).toMatchObject({ kind: "classification", classes: [...sceneClasses] });
    expect(features?.["depth"]?.preparation).toMatchObject({ part: "right" });
    const { rgb, depth } = splits.test.modalities;
    const level = (value: number | undefined): number => Math.round(((value ?? NaN) + 1) * 127.5);
    // the third class: red 50 and green 200 on the left, a grey of 50 and its number on the right
    const row = 2 * 2;
    expect([level(rgb?.values[12 * row]), level(rgb?.values[12 * row + 1])]).toEqual([50, 200]);
    expect(level(depth?.values[12 * row])).toBe(50);
    expect(level(depth?.values[12 * (row + 1) + 2])).toBe(51);
    expect(JSON.parse(readFileSync(at("data/dataset.json"), "utf8"))).toMatchObject({
      modalities: ["rgb", "depth"],
    });
  });
});

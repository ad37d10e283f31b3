import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "../../core/errors.js";
import { selectModalities } from "../select-modalities.js";
import { damagedToy } from "../testing/damaged-toy.js";
import { loadDataset } from "./load-dataset.js";
import { writeFolder } from "./write-folder.js";

const never = new AbortController().signal;
const dataset = damagedToy();
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "euar-copies-"));
  await writeFolder(folder, dataset, never);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("damaged copies and quality in a folder", () => {
  it("are read back to the same bits", async () => {
    const read = await loadDataset(folder);
    expect(read.copies?.rows).toEqual(dataset.copies?.rows);
    expect(read.copies?.damage).toEqual(dataset.copies?.damage);
    expect(read.copies?.quality).toEqual(dataset.copies?.quality);
    expect(read.modalities).toEqual(dataset.modalities);
    expect(read.splits.test.quality).toEqual(dataset.splits.test.quality);
    const [got, expected] = [read.copies?.modalities["text"], dataset.copies?.modalities["text"]];
    expect([got?.values, got?.present]).toEqual([expected?.values, expected?.present]);
  });

  it("are chosen with the modalities", async () => {
    const read = await loadDataset(folder, { modalities: ["audio"] });
    const chosen = selectModalities(dataset, ["audio"]);
    for (const one of [read, chosen])
      for (const part of [one.copies?.modalities, one.copies?.damage, one.copies?.quality])
        expect(Object.keys(part ?? {})).toEqual(["audio"]);
  });

  const table = (): string => join(folder, "copies", "table.jsonl");
  const edit = (file: string, change: (text: string) => string): void => {
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };
  const description = (): string => join(folder, "dataset.json");
  const hostile: readonly [string, string, () => void][] = [
    [
      "a copy of a sample that does not exist",
      "data.invalid-value",
      () => {
        edit(table(), (text) => text.replace('"row":3,', '"row":48,'));
      },
    ],
    [
      "a row that is no number",
      "data.invalid-value",
      () => {
        edit(table(), (text) => text.replace('"row":3,', '"row":"3 or 4",'));
      },
    ],
    [
      "a severity above 1",
      "data.invalid-value",
      () => {
        edit(table(), (text) => text.replace('"audio.severity":0', '"audio.severity":7'));
      },
    ],
    [
      "a clean copy with a severity",
      "data.invalid-value",
      () => {
        edit(table(), (text) => text.replace('"audio.kind":"noise"', '"audio.kind":"clean"'));
      },
    ],
    [
      "fewer copies than features",
      "data.format",
      () => {
        edit(table(), (text) => text.slice(text.indexOf("\n") + 1));
      },
    ],
    [
      "a table without severities",
      "data.format",
      () => {
        edit(table(), (text) => text.replaceAll("audio.severity", "audio.strength"));
      },
    ],
    [
      "quality of another width",
      "data.width-mismatch",
      () => {
        edit(description(), (text) => text.replace(/"quality": {\s*"text": \[/, '$&"third", '));
      },
    ],
    [
      "quality of a modality without features",
      "data.unknown-modality",
      () => {
        edit(description(), (text) =>
          text.replace(/"quality": {\s*"text": \[/, '"quality": {"smell": ["x"], "text": ['),
        );
      },
    ],
    [
      "an unknown key",
      "data.format",
      () => {
        edit(description(), (text) => text.replace('"copies": {', '"copies": {"labels": "x.npy",'));
      },
    ],
  ];
  it.each(hostile)("refuses %s", async (_what, code, spoil) => {
    spoil();
    const error: unknown = await loadDataset(folder).catch((reason: unknown) => reason);
    if (!(error instanceof DataError)) throw new Error("no DataError");
    expect(error.code).toBe(code);
    expect(error.message).toContain(folder);
  });
});

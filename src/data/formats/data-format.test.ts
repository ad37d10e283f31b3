import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { errorOf } from "../../core/testing/error-of.js";
import { type DataFormat, registerFormat } from "./data-format.js";
import type { SampleContent } from "./dataset-from-samples.js";
import { loadDataset } from "./load-dataset.js";
import type { SampleRecord } from "./sample-columns.js";

const folder = mkdtempSync(join(tmpdir(), "euar-format-"));
const file = join(folder, "answers.txt");

/** Lines of a split, a label and numbers: "train positive 1 2". */
function readLines(path: string): SampleContent {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const samplesOf = (split: string): SampleRecord[] =>
    lines.flatMap((line) => {
      const [of, label = "", ...numbers] = line.split(" ");
      return of === split ? [{ features: { text: numbers.map(Number) }, label }] : [];
    });
  return {
    name: "answers",
    splits: { train: samplesOf("train"), valid: samplesOf("valid"), test: samplesOf("test") },
  };
}

const lines: DataFormat = {
  name: "lines",
  summary: "a sample per line",
  recognises: ({ head, names }) =>
    new TextDecoder().decode(head).startsWith("train ") || names.includes("answers.marker"),
  read: (source) => readLines(source.endsWith(".txt") ? source : join(source, "answers.txt")),
};

beforeAll(() => {
  writeFileSync(file, "train bad 1 2\ntrain good 3 4\nvalid good 5 6\ntest bad 7 8\n");
  registerFormat(lines);
  registerFormat({
    name: "broken",
    summary: "fails",
    read: () => {
      throw new TypeError("no such column");
    },
  });
  registerFormat({
    name: "nothing",
    summary: "gives nothing",
    read: () => undefined as unknown as SampleContent,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a registered format", () => {
  it("reads a source that names it", async () => {
    const dataset = await loadDataset(`lines:${file}`);
    expect(dataset.name).toBe("answers");
    expect(dataset.task).toEqual({ kind: "classification", classes: ["bad", "good"] });
    expect([...dataset.splits.train.labels]).toEqual([0, 1]);
    expect([...(dataset.splits.test.modalities["text"]?.values ?? [])]).toEqual([7, 8]);
  });

  it("reads files and folders that it recognises, and leaves others to the package", async () => {
    expect(await loadDataset(file)).toEqual(await loadDataset(`lines:${file}`));
    expect((await loadDataset("synthetic:train=4,valid=2,test=2")).name).toBe("synthetic, seed 1");
    const other = join(folder, "other.txt");
    writeFileSync(other, "test bad 1 2\n");
    expect((await errorOf(loadDataset(other))).code).toBe("data.format");
    const inside = join(folder, "inside");
    mkdirSync(inside);
    writeFileSync(join(inside, "answers.txt"), readFileSync(file));
    expect((await errorOf(loadDataset(inside))).message).toContain("dataset.json");
    writeFileSync(join(inside, "answers.marker"), "");
    expect(await loadDataset(inside)).toEqual(await loadDataset(file));
  });

  it("takes the options of every format", async () => {
    expect((await errorOf(loadDataset(`lines:${file}`, { modalities: ["audio"] }))).code).toBe(
      "data.unknown-modality",
    );
    expect((await errorOf(loadDataset(`lines:${file}`, { task: "regression" }))).code).toBe(
      "data.invalid-value",
    );
  });

  it("with a reader that fails or gives nothing is an error that names it", async () => {
    const broken = await errorOf(loadDataset("broken:x"));
    expect(broken).toMatchObject({
      code: "data.format",
      message: "x: the data format broken cannot read it: no such column",
    });
    expect((await errorOf(loadDataset("nothing:x"))).code).toBe("data.format");
    expect((await errorOf(loadDataset(`lines:${join(folder, "absent.txt")}`))).message).toContain("ENOENT");
  });

  it("that was not registered is named", async () => {
    const error = await errorOf(loadDataset("lnies:answers.txt"));
    expect(error).toMatchObject({ code: "data.not-found", hint: 'Did you mean "lines"?' });
  });

  it("is distinguished by its name from another that recognises the same file", async () => {
    registerFormat({ ...lines, name: "rivals", recognises: ({ path }) => path.endsWith("answers.txt") });
    expect((await errorOf(loadDataset(file))).code).toBe("config.conflict");
    expect((await loadDataset(`rivals:${file}`)).name).toBe("answers");
  });
});

describe("registering a format", () => {
  it("has no effect the second time, and refuses another part with the same name", () => {
    registerFormat(lines);
    expect(
      codeOf(() => {
        registerFormat({ ...lines });
      }),
    ).toBe("config.conflict");
  });

  it.each([
    ["synthetic", "config.conflict"],
    ["https", "config.conflict"],
    ["c", "config.invalid"],
    ["My-Format", "config.invalid"],
    ["a:b", "config.invalid"],
    ["", "config.invalid"],
  ])("under the name %j is %s", (name, code) => {
    expect(
      codeOf(() => {
        registerFormat({ ...lines, name });
      }),
    ).toBe(code);
  });

  it("without a reader is refused", () => {
    expect(
      codeOf(() => {
        registerFormat({ name: "empty", summary: "" } as unknown as DataFormat);
      }),
    ).toBe("config.invalid");
    expect(
      codeOf(() => {
        registerFormat(null as unknown as DataFormat);
      }),
    ).toBe("config.invalid");
  });
});

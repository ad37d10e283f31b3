import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { makePosts } from "../testing/make-posts.js";
import { openLocalExecutor, type OpenExecutor } from "./executor.js";
import { extractDataset } from "./extract-dataset.js";
import type { ExtractRequest, ExtractSummary } from "./extract-request.js";

const root = mkdtempSync(join(tmpdir(), "euar-extract-"));
const posts = join(root, "posts");
const cache = join(root, "cache");

beforeAll(async () => {
  await makePosts(posts, 6);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function request(out: string, change: Partial<ExtractRequest> = {}): ExtractRequest {
  return {
    input: posts,
    out: join(root, out),
    adapters: {},
    align: "uniform",
    steps: 4,
    pool: "none",
    fps: 5,
    label: "label",
    seed: 1,
    workers: 1,
    overwrite: false,
    cache,
    ...change,
  };
}

function extract(
  out: string,
  change: Partial<ExtractRequest> = {},
  openExecutor: OpenExecutor = openLocalExecutor,
  signal = new AbortController().signal,
): Promise<ExtractSummary> {
  return extractDataset(request(out, change), { signal, onProgress: () => undefined, openExecutor });
}

function lines(out: string, file: string): Record<string, unknown>[] {
  return readFileSync(join(root, out, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("extractDataset", () => {
  it("writes a data set with the origin of its features, and reuses the cache the second time", async () => {
    const first = await extract("whole");
    expect(first).toMatchObject({
      task: "classification",
      sizes: { train: 6, valid: 3, test: 3 },
      leftOut: 0,
      failures: 0,
      made: 24,
      cached: 0,
    });
    const dataset = await loadDataset(join(root, "whole"));
    expect(dataset.task).toEqual({ kind: "classification", classes: ["negative", "neutral", "positive"] });
    expect(dataset.modalities).toMatchObject([
      { name: "text", width: 512, steps: 1 },
      { name: "image", width: 1792, steps: 1 },
    ]);
    expect(dataset.splits.train.texts?.[0]).toBe("what a lovely day 0");
    expect(dataset.features?.["image"]).toMatchObject({
      adapter: "image/mobilenet-v2-mid",
      width: 1792,
      preparation: { align: "uniform", steps: 4, pool: "none", fps: null },
    });
    expect(lines("whole", "quality.jsonl")).toHaveLength(24);
    const again = await extract("again");
    expect(again).toMatchObject({ made: 24, cached: 24 });
    for (const file of ["train/text.npy", "test/image.npy", "valid/image.mask.npy", "dataset.json"])
      expect(readFileSync(join(root, "again", file))).toEqual(readFileSync(join(root, "whole", file)));
  });

  it("continues after an interruption, and leaves no data set half written", async () => {
    const stop = new AbortController();
    let done = 0;
    const stopping: OpenExecutor = async (plan) => {
      const executor = await openLocalExecutor(plan);
      return {
        ...executor,
        extract: async (sample, signal) => {
          const results = await executor.extract(sample, signal);
          done += 1;
          if (done === 4) stop.abort(new Error("stopped"));
          return results;
        },
      };
    };
    const own = { cache: join(root, "own-cache"), modalities: ["text"] } as const;
    await expect(extract("cut", own, stopping, stop.signal)).rejects.toThrow("stopped");
    expect(existsSync(join(root, "cut", "dataset.json"))).toBe(false);
    expect(await extract("cut", own)).toMatchObject({ made: 12, cached: 4 });
    await extract("uncut", { modalities: ["text"] });
    expect(readFileSync(join(root, "cut/train/text.npy"))).toEqual(
      readFileSync(join(root, "uncut/train/text.npy")),
    );
  });

  it("makes a damaged entry of the cache again", async () => {
    const own = { cache: join(root, "damaged-cache"), modalities: ["text"] } as const;
    await extract("sound", own);
    const folder = join(root, "damaged-cache");
    const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".features"),
    );
    truncateSync(join(folder, entries[0] ?? ""), 100);
    expect(await extract("mended", own)).toMatchObject({ made: 12, cached: 11 });
    expect(readFileSync(join(root, "mended/train/text.npy"))).toEqual(
      readFileSync(join(root, "sound/train/text.npy")),
    );
  });

  it("lists unreadable media, and keeps the sample's other modality", async () => {
    const bad = join(root, "bad");
    await makePosts(bad, 6);
    writeFileSync(join(bad, "images", "0.png"), "no picture");
    rmSync(join(bad, "images", "1.png"));
    const extra = [
      { id: "empty", label: "positive", text: "", img: "images/1.png" },
      { id: "unlabelled", label: "", text: "x", img: "images/2.png" },
    ];
    appendFileSync(join(bad, "train.jsonl"), extra.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const summary = await extract("bad-out", { input: bad });
    expect(summary).toMatchObject({ sizes: { train: 6, valid: 3, test: 3 }, leftOut: 2 });
    expect(summary.modalities).toEqual([
      { modality: "text", present: 12, absent: 1, failed: 0 },
      { modality: "image", present: 10, absent: 0, failed: 3 },
    ]);
    const failures = lines("bad-out", "failures.jsonl");
    expect(failures.map(({ id, modality, code }) => [id, modality, code])).toEqual([
      ["unlabelled", undefined, "data.invalid-value"],
      ["0", "image", expect.stringMatching(/^media\./) as string],
      ["1", "image", "media.not-found"],
      ["empty", "image", "media.not-found"],
      ["empty", undefined, "data.empty"],
    ]);
    const { splits } = await loadDataset(join(root, "bad-out"));
    expect(Array.from(splits.train.modalities["image"]?.present ?? [])).toEqual([0, 0, 1, 1, 1, 1]);
    expect(Array.from(splits.train.modalities["text"]?.present ?? [])).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("keeps token sequences of different lengths with their masks", async () => {
    await extract("tokens", {
      modalities: ["text"],
      adapters: { text: { adapter: "text/use-lite", options: { pooling: "tokens" } } },
    });
    const { splits, modalities } = await loadDataset(join(root, "tokens"));
    expect(modalities).toMatchObject([{ name: "text", width: 512, steps: 4 }]);
    // longer texts became 4 spans
    expect(splits.train.modalities["text"]?.mask.every((real) => real === 1)).toBe(true);
    await extract("pooled", {
      modalities: ["text"],
      pool: "mean",
      adapters: { text: { adapter: "text/use-lite", options: { pooling: "tokens" } } },
    });
    expect((await loadDataset(join(root, "pooled"))).modalities).toMatchObject([
      { name: "text", width: 512, steps: 1 },
    ]);
  });
});

describe("extractDataset with noise", () => {
  it("changes only the test split, records it, and distinguishes clean from noisy features", async () => {
    const noise = {
      specification: "image=gaussian/clean:10,text=blank/clean:10",
      splits: ["test"] as const,
      seed: 1,
    } as const;
    await extract("clean");
    const summary = await extract("noisy", { noise });
    // three pictures and two texts: two of the three have six words, all "_"
    expect(summary).toMatchObject({ made: 24, cached: 19 });
    for (const modality of ["text", "image"]) {
      expect(readFileSync(join(root, `noisy/train/${modality}.npy`))).toEqual(
        readFileSync(join(root, `clean/train/${modality}.npy`)),
      );
      expect(readFileSync(join(root, `noisy/test/${modality}.npy`))).not.toEqual(
        readFileSync(join(root, `clean/test/${modality}.npy`)),
      );
    }
    const { notes, splits } = await loadDataset(join(root, "noisy"));
    expect(notes).toContain(
      "warning: test made of media with noise: image=gaussian/clean:10,text=blank/clean:10, seed 1",
    );
    expect(splits.test.texts?.every((text) => /^[_ ]+$/.test(text))).toBe(true);
    expect(splits.valid.texts?.some((text) => text.includes("_"))).toBe(false);
    await expect(extract("noisy")).rejects.toMatchObject({ code: "config.conflict" });
  });
});

describe("requests that extractDataset refuses", () => {
  it("a folder with another data set, unless it may be replaced", async () => {
    await extract("owned", { modalities: ["text"] });
    await expect(extract("owned", { modalities: ["text"], steps: 9 })).rejects.toMatchObject({
      code: "config.conflict",
      hint: expect.stringContaining("--overwrite") as string,
    });
    await extract("owned", { modalities: ["text"], steps: 9, overwrite: true });
    rmSync(join(root, "owned", "extract.json"));
    await expect(extract("owned", { modalities: ["text"], steps: 9 })).rejects.toMatchObject({
      code: "config.conflict",
      message: expect.stringContaining("was not extracted") as string,
    });
  });

  it("modalities that the input lacks, unknown adapters, and unknown options of adapters", async () => {
    await expect(extract("no", { modalities: ["audio"] })).rejects.toMatchObject({ code: "config.conflict" });
    await expect(
      extract("no", { adapters: { text: { adapter: "text/use-light", options: {} } } }),
    ).rejects.toMatchObject({ code: "config.invalid", hint: 'Did you mean "text/use-lite"?' });
    await expect(
      extract("no", { adapters: { text: { adapter: "text/use-lite", options: { poling: "tokens" } } } }),
    ).rejects.toMatchObject({ code: "config.unknown-key", hint: 'Did you mean "pooling"?' });
  });

  it("an input with a split without samples", async () => {
    const table = join(root, "two.tsv");
    writeFileSync(table, "text\tlabel\tmode\na\t1\ttrain\nb\t2\ttest\n");
    await expect(extract("no", { input: table })).rejects.toMatchObject({
      code: "data.empty",
      message: expect.stringContaining("no sample of valid") as string,
    });
  });
});

describe("a modality that was asked for", () => {
  const table = ["video_id,clip_id,text,label,mode"].concat(
    ["train", "valid", "test"].map((mode, i) => `v,${i + 1},word ${i},${i - 1},${mode}`),
  );

  it("and that no clip has is an error, which names the nearest file", async () => {
    const clips = join(root, "clips");
    mkdirSync(join(clips, "Raw/v"), { recursive: true });
    writeFileSync(join(clips, "label.csv"), table.join("\n"));
    for (const i of [1, 2, 3]) writeFileSync(join(clips, `Raw/v/000${i}.wav`), "");
    const change = { input: clips, modalities: ["text", "audio"] as const };
    await expect(extract("named", change)).rejects.toMatchObject({
      code: "media.not-found",
      message: expect.stringContaining(
        "audio was requested, but no training sample has it: 3 could not",
      ) as string,
      hint: expect.stringContaining(join(clips, "Raw/v/0001.wav")) as string,
    });
    expect(existsSync(join(root, "named/dataset.json"))).toBe(false);
    expect(lines("named", "failures.jsonl")[0]).toMatchObject({
      modality: "audio",
      hint: expect.stringContaining("0001.wav") as string,
    });
    const { notes } = await extract("unnamed", { input: clips });
    expect(notes).toContain("warning: audio is left out: no training sample has it");
  });

  it("and that some samples lack is counted and the samples are named", async () => {
    const sparse = join(root, "sparse");
    await makePosts(sparse, 4);
    const file = join(sparse, "train.jsonl");
    const [first = "", ...others] = readFileSync(file, "utf8").split("\n");
    const { id } = JSON.parse(first) as { id: string };
    writeFileSync(file, [JSON.stringify({ ...JSON.parse(first), img: "" }), ...others].join("\n"));
    const { notes } = await extract("sparse-data", { input: sparse, modalities: ["text", "image"] });
    expect(notes.some((note) => note.startsWith("image: 1 of ") && note.endsWith(`lack it: ${id}`))).toBe(
      true,
    );
  });

  it("and that no sample of a data set has is an error", async () => {
    const folder = join(root, "whole-absent");
    await extract("whole-absent", { pool: "mean" });
    const file = join(folder, "train/image.mask.npy");
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0, bytes.indexOf(10) + 1));
    await expect(loadDataset(folder, { modalities: ["text", "image"] })).rejects.toMatchObject({
      code: "data.empty",
      message: expect.stringContaining("image was requested") as string,
    });
    expect((await loadDataset(folder)).modalities).toHaveLength(2);
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defined } from "../../core/defined.js";
import type { Dataset, ModalityTable } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { defineAdapter } from "../adapter.js";
import type { TextMedia } from "../media.js";
import { qualityOf } from "../quality.js";
import { parseAdapterChoice, registerAdapter } from "../registry.js";
import { makePosts } from "../testing/make-posts.js";
import { openLocalExecutor } from "./executor.js";
import { extractDataset } from "./extract-dataset.js";
import type { ExtractRequest, ExtractSummary } from "./extract-request.js";

/** Numbers of words and letters: features that need no package. */
const counts = defineAdapter({
  id: "text/test-counts",
  kind: "text",
  summary: "numbers of words and letters",
  packages: [],
  options: z.strictObject({}),
  create: () =>
    Promise.resolve({
      identity: { adapter: "text/test-counts", version: 1, packages: {}, options: {}, width: 2 },
      extract: ({ text }: TextMedia) => {
        const words = text.split(/\s+/).filter((word) => word !== "");
        return Promise.resolve({
          steps: 1,
          width: 2,
          sequence: Float32Array.of(words.length, words.join("").length),
          times: new Float64Array(2),
          mask: Uint8Array.of(words.length > 0 ? 1 : 0),
          quality: qualityOf({ words: words.length }, words.length < 3 ? [SHORT] : []),
        });
      },
      close: () => undefined,
    }),
});

const SHORT = { code: "text.short", severity: 0.5, message: "it is short" } as const;

const root = mkdtempSync(join(tmpdir(), "euar-copies-"));
const posts = join(root, "posts");

beforeAll(async () => {
  registerAdapter(counts);
  await makePosts(posts, 6);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function extract(
  out: string,
  specification?: string,
  more: Partial<ExtractRequest> = {},
): Promise<ExtractSummary> {
  const request: ExtractRequest = {
    input: posts,
    out: join(root, out),
    adapters: {
      text: parseAdapterChoice("text", "text/test-counts"),
      image: parseAdapterChoice("image", "image/pixels:side=8"),
    },
    ...{
      align: "none",
      steps: 4,
      pool: "none",
      fps: 5,
      label: "label",
      seed: 1,
      workers: 1,
      overwrite: false,
    },
    cache: join(root, "cache"),
    copies: specification === undefined ? undefined : { specification, seed: 1, perSample: 3 },
    ...more,
  };
  const signal = new AbortController().signal;
  return extractDataset(request, { signal, onProgress: () => undefined, openExecutor: openLocalExecutor });
}

function rowOf({ values, width, steps }: ModalityTable, row: number): number[] {
  return Array.from(values.subarray(row * steps * width, (row + 1) * steps * width));
}

function tableOf(
  part: { readonly modalities: Dataset["splits"]["train"]["modalities"] },
  name: string,
): ModalityTable {
  return defined(part.modalities[name]);
}

function isDone(kind: string): boolean {
  return kind !== "clean";
}

describe("corrupted copies of an extraction", () => {
  it("have the features of corrupted media, and of the originals for clean modalities", async () => {
    const summary = await extract("copied", "text=remove-words:0.4-0.6,image=dark:1,image=wrong-picture");
    expect(summary).toMatchObject({ copies: 18, sizes: { train: 6, valid: 3, test: 3 }, failures: 0 });
    const { copies, splits } = await loadDataset(join(root, "copied"));
    if (copies === undefined) throw new Error("the data set has copies");
    expect(Array.from(copies.rows)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    const kinds = { text: defined(copies.damage["text"]), image: defined(copies.damage["image"]) };
    for (let copy = 0; copy < copies.size; copy++) {
      const own = defined(copies.rows[copy]);
      for (const name of ["text", "image"] as const) {
        const [kind, severity] = [defined(kinds[name].kind[copy]), defined(kinds[name].severity[copy])];
        const isSame =
          rowOf(tableOf(copies, name), copy).join() === rowOf(tableOf(splits.train, name), own).join();
        expect([severity === 0, isSame], `${name} of copy ${copy}`).toEqual([
          kind === "clean",
          kind === "clean",
        ]);
        if (kind === "remove-words") expect(severity >= 0.4 && severity <= 0.6).toBe(true);
        if (kind === "dark") expect(severity).toBe(1);
      }
      expect([kinds.text.kind[copy], kinds.image.kind[copy]]).not.toEqual(["clean", "clean"]);
    }
    expect(new Set([...kinds.text.kind, ...kinds.image.kind])).toEqual(
      new Set(["clean", "remove-words", "dark", "wrong-picture"]),
    );
  });

  it("come from the cache the second time, and the splits are the same as without copies", async () => {
    const again = await extract("copied-again", "text=remove-words:0.4-0.6,image=dark:1,image=wrong-picture");
    expect(again.cached).toBe(again.made);
    await extract("plain");
    const bytes = (out: string, file: string): Buffer => readFileSync(join(root, out, file));
    expect(bytes("copied-again", "copies/image.npy")).toEqual(bytes("copied", "copies/image.npy"));
    for (const file of ["train/text.npy", "train/image.npy", "test/image.npy"])
      expect(bytes("plain", file)).toEqual(bytes("copied", file));
  });

  it("of test samples are the test split of damaged.json, in series of rising severity", async () => {
    const summary = await extract("tested", "text=remove-words,image=dark", {
      testCopies: { specification: "text=remove-words,image=dark,image=blur", seed: 3, severities: [0.5, 1] },
    });
    expect(summary.testCopies).toBe(12); // 3 samples, 2 severities, the kinds of training and another
    const damaged = await loadDataset(join(root, "tested", "damaged.json"));
    const { test } = damaged.splits;
    const [first] = (await loadDataset(join(root, "tested"))).splits.test.ids;
    expect(test.ids.filter((id) => id.split("#")[0] === first)).toEqual(
      ["met-0.5", "met-1", "new-0.5", "new-1"].map((series) => `${String(first)}#${series}`),
    );
    const { text, image } = defined(test.corruption);
    test.ids.forEach((id, row) => {
      const [series, severity] = defined(id.split("#")[1]).split("-");
      const [ofText, ofImage] = [defined(text?.kind[row]), defined(image?.kind[row])];
      expect(Math.max(defined(text?.severity[row]), defined(image?.severity[row]))).toBe(Number(severity));
      if (series === "new") expect([ofText, ofImage]).toEqual(["clean", "blur"]);
      else expect(["remove-words", "dark"]).toEqual(expect.arrayContaining([ofText, ofImage].filter(isDone)));
    });
    // the same kinds at every severity of a series
    for (const truth of [defined(text), defined(image)])
      expect(truth.kind.slice(0, 3)).toEqual(truth.kind.slice(3, 6));
    expect(damaged.splits.train.ids).toHaveLength(6);
  });

  it("have measured quality, as the splits have it", async () => {
    await extract("measured", "text=remove-words:0.6");
    const { modalities, splits, copies } = await loadDataset(join(root, "measured"));
    expect(modalities[0]?.quality).toEqual(["score", "text.short"]);
    const ofCopies = defined(copies?.quality?.["text"]);
    expect(Array.from(ofCopies.values.subarray(0, 2))).toEqual([0.5, 0.5]); // two words are left
    expect(Array.from(defined(splits.train.quality?.["text"]).values.subarray(0, 2))).toEqual([1, 0]);
  });

  it.each([
    ["text=typos:0.5", /must not have a severity/],
    ["audio=babble", /there is no audio to corrupt/],
  ])("of test samples refuse %s", async (specification, message) => {
    const testCopies = { specification, seed: 1, severities: [1] };
    await expect(extract("refused", "text=typos", { testCopies })).rejects.toThrow(message);
  });

  it.each([
    ["audio=babble", /there is no audio to corrupt/],
    ["text=babble", /there is no corruption "babble"/],
    ["text", /is not MODALITY=KIND/],
  ])("refuses %s", async (specification, message) => {
    await expect(extract("refused", specification)).rejects.toThrow(message);
  });
});

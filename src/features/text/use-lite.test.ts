import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAbsent, realData } from "../../../test/real-data.js";
import { expectRejection } from "../testing/expect-rejection.js";
import type { FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { nodeAssets } from "../node-assets.js";
import { createUseLiteExtractor } from "./use-lite.js";

let sentence: FeatureExtractor<TextMedia>;
let tokens: FeatureExtractor<TextMedia>;

beforeAll(async () => {
  sentence = await createUseLiteExtractor({ readAsset: nodeAssets });
  tokens = await createUseLiteExtractor({ readAsset: nodeAssets, pooling: "tokens", maxTokens: 8 });
});

afterAll(() => {
  sentence.close();
  tokens.close();
});

describe("text that the encoder cannot read", () => {
  const chinese = "\u592a\u597d\u770b\u4e86";

  it.each([chinese, "\u{1f600}\u{1f600}\u{1f600}", "\u7d20\u6674\u3089\u3057\u3044\u4e00\u65e5"])(
    "%s is absent, and its quality says why",
    async (text) => {
      const { mask, quality } = await sentence.extract({ text });
      expect([...mask]).toEqual([0]);
      expect(quality.measures["unknownShare"]).toBe(1);
      expect(quality.problems[0]).toMatchObject({ code: "text.unknown", severity: 1 });
      expect(quality.score).toBe(0);
    },
  );

  it("in part is doubted by its share of letters, and one sign among words is not", async () => {
    const half = await sentence.extract({ text: "good \u7535\u5f71\u7535\u5f71" });
    expect([...half.mask]).toEqual([1]);
    expect(half.quality.problems.find(({ code }) => code === "text.unknown")?.severity).toBeCloseTo(0.5, 6);
    const sign = await sentence.extract({ text: "What a wonderful film \u{1f600}" });
    expect(sign.quality.measures["unknownShare"]).toBeCloseTo(1 / 19, 6);
    expect(sign.quality.problems).toEqual([]);
  });
});

describe("createUseLiteExtractor", () => {
  it("gives one unit vector for a sentence", async () => {
    const { steps, width, sequence, mask, times, quality } = await sentence.extract({
      text: "What a wonderful film.",
    });
    expect([steps, width, sequence.length, [...mask], [...times]]).toEqual([1, 512, 512, [1], [0, 0]]);
    expect(sequence.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 5);
    expect(quality).toMatchObject({ score: 1, measures: { words: 4, tokensDropped: 0 }, problems: [] });
  });

  it("places similar sentences nearer than others", async () => {
    const [a, b, c] = await Promise.all(
      ["The film was great", "I loved this movie", "The train leaves at noon"].map(
        async (text) => (await sentence.extract({ text })).sequence,
      ),
    );
    const dot = (x?: Float32Array, y?: Float32Array): number =>
      Array.from(x ?? []).reduce((sum, value, i) => sum + value * (y?.[i] ?? NaN), 0);
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.2);
  });

  it("gives the same values together with other texts as alone", async () => {
    const together = await Promise.all(
      ["one", "a much longer text than that", "one"].map((text) => sentence.extract({ text })),
    );
    expect(together[0]?.sequence).toEqual(together[2]?.sequence);
    expect((await sentence.extract({ text: "one" })).sequence).toEqual(together[0]?.sequence);
  });

  it("gives tokens with the times of their words", async () => {
    const words = [
      { text: "unbelievably", start: 0.5, end: 1.5 },
      { text: "good", start: 1.5, end: 2 },
    ];
    const { steps, sequence, times, mask } = await tokens.extract({ text: "Unbelievably good", words });
    expect(steps).toBeGreaterThan(2);
    expect([sequence.length, mask.length]).toEqual([steps * 512, steps]);
    expect([...times.slice(0, 2)]).toEqual([0.5, 1.5]);
    expect([...times.slice(-2)]).toEqual([1.5, 2]);
    expect([...(await sentence.extract({ text: "Unbelievably good", words })).times]).toEqual([0.5, 2]);
  });

  it("reads the given number of tokens and reports how many it omitted", async () => {
    const { steps, quality } = await tokens.extract({ text: "word ".repeat(40) });
    expect([steps, quality.measures["tokensDropped"], quality.problems.map(({ code }) => code)]).toEqual([
      8,
      32,
      ["text.truncated"],
    ]);
  });

  it.each(["", "  \n", "\u0000\u200b"])("takes %j for an absent text", async (text) => {
    const { steps, mask, sequence, quality } = await sentence.extract({ text });
    expect([
      steps,
      [...mask],
      sequence.every((x) => x === 0),
      quality.score,
      quality.problems[0]?.code,
    ]).toEqual([1, [0], true, 0, "text.empty"]);
  });

  it.each(["\ud800 lone", "😀😀", "日本語のテキスト", "</s> <unk>", `${"a".repeat(100)} \u202e`])(
    "gives finite features for %j",
    async (text) => {
      expect((await tokens.extract({ text })).sequence.every(Number.isFinite)).toBe(true);
    },
  );

  it("refuses texts that are too long, an invalid limit, and work after it was closed", async () => {
    await expectRejection(sentence.extract({ text: "x".repeat(2_000_001) }), "media.too-large");
    await expectRejection(createUseLiteExtractor({ readAsset: nodeAssets, maxTokens: 0 }), "config.invalid");
    await expect(sentence.extract({ text: "x" }, AbortSignal.abort())).rejects.toThrow(/abort/i);
    const other = await createUseLiteExtractor({ readAsset: nodeAssets });
    other.close();
    await expectRejection(other.extract({ text: "x" }), "internal");
  });

  it("names the file with unexpected content", async () => {
    const page = new TextEncoder().encode("<!doctype html>");
    await expectRejection(
      createUseLiteExtractor({ readAsset: () => Promise.resolve(page) }),
      "media.missing-package",
      /embeddings-en is not usable/,
    );
  });
});

describe.skipIf(isAbsent("mosi/text_use512.npy"))("on CMU-MOSI", () => {
  it("equals the sentence vectors made with the package's own runtime", async () => {
    const file = readFileSync(realData("mosi/text_use512.npy"));
    // [2199, 512]
    const expected = new Float32Array(new Uint8Array(file.subarray(10 + file.readUInt16LE(8))).buffer);
    const texts = readFileSync(realData("mosi/utterances.tsv"), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t")[6] ?? "");
    let largest = 0;
    for (let row = 0; row < texts.length; row += 150) {
      const { sequence } = await sentence.extract({ text: texts[row] ?? "" });
      for (const [i, value] of sequence.entries())
        largest = Math.max(largest, Math.abs(value - (expected[row * 512 + i] ?? NaN)));
    }
    expect(largest).toBeLessThan(1e-5);
  });
});

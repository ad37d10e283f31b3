import { mkdtempSync, rmSync, writeFileSync, cpSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureExtractor } from "../../src/features/feature-extractor.js";
import type { TextMedia } from "../../src/features/media.js";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createExtractor } from "../../src/features/registry.js";
import { expectRejection } from "../../src/features/testing/expect-rejection.js";
import { requireSameAdapter } from "../../src/data/adapter-identity.js";
import { imageModel } from "./conv-graph.js";
import { TINY_WIDTH, tinyBertModel, tinyTokenizer, writeTinyBert } from "./tiny-bert.js";

const root = mkdtempSync(join(tmpdir(), "euar-bert-"));
const folder = join(root, "bert");

function open(options: Readonly<Record<string, unknown>> = {}): Promise<FeatureExtractor<TextMedia>> {
  return createExtractor("text", { adapter: "text/onnx", options: { folder, ...options } }, nodeEnvironment);
}

/** A copy of the model folder in which something is changed. */
function variant(name: string, change: (folder: string) => void): string {
  const copy = join(root, name);
  cpSync(folder, copy, { recursive: true });
  change(copy);
  return copy;
}

let mean: FeatureExtractor<TextMedia>;
let tokens: FeatureExtractor<TextMedia>;

beforeAll(async () => {
  writeTinyBert(folder);
  mean = await open();
  tokens = await open({ pooling: "tokens", maxTokens: 12 });
});

afterAll(() => {
  mean.close();
  tokens.close();
  rmSync(root, { recursive: true, force: true });
});

const text = "The film was unbelievably good!";

describe("text/onnx", () => {
  it("gives the mean over all tokens, special ones included, as the network's own mean", async () => {
    const own = await open({ pooling: "model" });
    const [a, b] = [await mean.extract({ text }), await own.extract({ text })];
    expect([a.steps, a.width, [...a.mask], [...a.times]]).toEqual([1, TINY_WIDTH, [1], [0, 0]]);
    a.sequence.forEach((value, d) => {
      expect(value).toBeCloseTo(b.sequence[d] ?? NaN, 6);
    });
    expect(a.quality).toMatchObject({ score: 1, measures: { words: 5, tokens: 8, tokensDropped: 0 } });
    own.close();
  });

  it("gives the first token's vector, and vectors of length 1, on request", async () => {
    const cls = await open({ pooling: "cls", normalise: true });
    const { sequence } = await cls.extract({ text });
    expect(sequence.length).toBe(TINY_WIDTH);
    expect(sequence.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 6);
    expect(sequence).not.toEqual((await mean.extract({ text })).sequence);
    cls.close();
  });

  it("reads hidden layers if the network has them, several as their mean", async () => {
    const deep = variant("deep", (copy) => {
      writeFileSync(join(copy, "onnx/model.onnx"), tinyBertModel({ hidden: true }));
    });
    const read = async (layer: string): Promise<Float32Array> => {
      const extractor = await open({ folder: deep, layer });
      const { sequence } = await extractor.extract({ text });
      expect(extractor.identity.options).toMatchObject({ layer });
      extractor.close();
      return sequence;
    };
    const [embedded, last, both] = [await read("0"), await read("1"), await read("0+1")];
    expect(last).toEqual((await mean.extract({ text })).sequence);
    expect(embedded).not.toEqual(last);
    both.forEach((value, d) => {
      expect(value).toBeCloseTo(((embedded[d] ?? NaN) + (last[d] ?? NaN)) / 2, 6);
    });
    await expectRejection(open({ folder: deep, layer: "2" }), "config.invalid", /has no layer 2/);
    await expectRejection(open({ layer: "1" }), "config.invalid", /has no layer 1/);
    const twice = open({ folder: deep, layer: "1", output: "hidden_states.1" });
    await expectRejection(twice, "config.conflict", /layer excludes output/);
    await expectRejection(open({ layer: "1", pooling: "model" }), "config.conflict", /pooling=model/);
  });

  it("gives a step for each token of the text, with the times of its word", async () => {
    const words = ["The", "film", "was", "unbelievably", "good"].map((word, i) => ({
      text: word,
      start: i,
      end: i + 0.5,
    }));
    const { steps, times, sequence, mask } = await tokens.extract({ text, words });
    expect([steps, sequence.length, mask.every((m) => m === 1)]).toEqual([8, 8 * TINY_WIDTH, true]);
    expect(Array.from(times).filter((_, i) => i % 2 === 0)).toEqual([0, 1, 2, 3, 3, 3, 4, 4]);
    expect(Array.from(times).filter((_, i) => i % 2 === 1)).toEqual([0.5, 1.5, 2.5, 3.5, 3.5, 3.5, 4.5, 4.5]);
    expect([...(await mean.extract({ text, words })).times]).toEqual([0, 4.5]);
    expect((await tokens.extract({ text })).times).toEqual(new Float64Array(16));
  });

  it("reads the tokens that fit, between the special tokens, and reports the omitted ones", async () => {
    const long = await tokens.extract({ text: "good ".repeat(30) });
    expect([
      long.steps,
      long.quality.measures["tokensDropped"],
      long.quality.problems.map(({ code }) => code),
    ]).toEqual([10, 20, ["text.truncated"]]);
    const fitting = await tokens.extract({ text: "good ".repeat(10) });
    expect(fitting.sequence).toEqual(long.sequence);
    expect(mean.identity.options["maxTokens"]).toBe(32); // as tokenizer_config.json says
  });

  it("gives the same bits together with other texts as alone", async () => {
    const alone = (await mean.extract({ text })).sequence;
    const together = await Promise.all(
      [text, "bad", "good ".repeat(20), text].map((one) => mean.extract({ text: one })),
    );
    expect(together[0]?.sequence).toEqual(alone);
    expect(together[3]?.sequence).toEqual(alone);
  });

  it("fills the input of a network of fixed length with masked tokens without effect", async () => {
    const fixed = await open({
      folder: variant("fixed", (copy) => {
        writeFileSync(join(copy, "onnx/model.onnx"), tinyBertModel({ length: 16 }));
      }),
    });
    expect(fixed.identity.options["maxTokens"]).toBe(16);
    const [a, b] = [(await fixed.extract({ text })).sequence, (await mean.extract({ text })).sequence];
    a.forEach((value, d) => {
      expect(value).toBeCloseTo(b[d] ?? NaN, 5);
    });
    fixed.close();
  });

  it.each(["", "  \n", "\u0000\u200b"])("takes %j for an absent text", async (empty) => {
    const { steps, mask, sequence, quality } = await mean.extract({ text: empty });
    expect([steps, [...mask], sequence.every((x) => x === 0), quality.problems[0]?.code]).toEqual([
      1,
      [0],
      true,
      "text.empty",
    ]);
  });

  it.each(["\ud800 lone", "😀😀", "日本語のテキスト", "[CLS] [MASK] </s>", `${"a".repeat(5000)} \u202e`])(
    "gives finite features for %j",
    async (odd) => {
      expect((await tokens.extract({ text: odd })).sequence.every(Number.isFinite)).toBe(true);
    },
  );

  it("converts a text in capitals to lower case, unless the option keeps them", async () => {
    expect((await mean.extract({ text: "GOOD FILM" })).sequence).toEqual(
      (await mean.extract({ text: "good film" })).sequence,
    );
    expect(mean.identity.options["letterCase"]).toBe("auto");
  });

  it("is the same adapter from another folder, and another one with other weights", async () => {
    const moved = await open({ folder: variant("moved", () => undefined) });
    expect(() => {
      requireSameAdapter("text", mean.identity, moved.identity);
    }).not.toThrow();
    const again = await createExtractor("text", moved.identity, nodeEnvironment);
    expect(again.identity).toEqual(moved.identity);
    const other = await open({
      folder: variant("other", (copy) => {
        writeFileSync(join(copy, "onnx/model.onnx"), tinyBertModel({ seed: 2 }));
      }),
    });
    expect(() => {
      requireSameAdapter("text", mean.identity, other.identity);
    }).toThrow(/model\.onnx [0-9a-f]{64} in training, here/);
    for (const one of [moved, again, other]) one.close();
  });

  it("takes the model's file instead of its folder", async () => {
    const file = join(
      variant("flat", (copy) => {
        writeTinyBert(copy, { file: "encoder.onnx" });
      }),
      "encoder.onnx",
    );
    const single = await open({ folder: file });
    expect((await single.extract({ text })).sequence).toEqual((await mean.extract({ text })).sequence);
    single.close();
  });

  it("refuses texts that are too long, and work after it was closed", async () => {
    await expectRejection(mean.extract({ text: "x".repeat(2_000_001) }), "media.too-large");
    await expect(mean.extract({ text }, AbortSignal.abort())).rejects.toThrow(/abort/i);
    const other = await open();
    other.close();
    await expectRejection(other.extract({ text }), "internal");
  });
});

describe("a folder that is not a text encoder", () => {
  const write = (name: string, file: string, content: string | Uint8Array): string =>
    variant(name, (copy) => {
      writeFileSync(join(copy, file), content);
    });

  it.each([
    ["neither folder nor hub", () => ({ folder: undefined }), "config.conflict", /neither is given/],
    ["a folder and a hub", () => ({ hub: "a/b" }), "config.conflict", /both are given/],
    [
      "no such folder",
      () => ({ folder: join(root, "nowhere") }),
      "media.not-found",
      /nowhere does not exist/,
    ],
    [
      "no tokenizer",
      () => ({
        folder: variant("t0", (copy) => {
          rmSync(join(copy, "tokenizer.json"));
        }),
      }),
      "media.not-found",
      /has no tokenizer\.json/,
    ],
    [
      "a folder in the place of a file",
      () => ({
        folder: variant("t1", (copy) => {
          rmSync(join(copy, "tokenizer.json"));
          mkdirSync(join(copy, "tokenizer.json"));
        }),
      }),
      "media.not-found",
      /tokenizer\.json cannot be read/,
    ],
    [
      "a tokenizer that is no JSON",
      () => ({ folder: write("t2", "tokenizer.json", "{") }),
      "media.damaged",
      /tokenizer\.json .* is not JSON/,
    ],
    [
      "a tokenizer that is a list",
      () => ({ folder: write("t3", "tokenizer.json", "[]") }),
      "media.damaged",
      /not a JSON object/,
    ],
    [
      "a tokenizer of nothing",
      () => ({ folder: write("t4", "tokenizer.json", "{}") }),
      "media.damaged",
      /tokenizer\.json/,
    ],
    [
      "a tokenizer with foreign ids",
      () => ({
        folder: write(
          "t5",
          "tokenizer.json",
          JSON.stringify({
            ...tinyTokenizer,
            model: { ...tinyTokenizer.model, vocab: { "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, a: 99_999 } },
          }),
        ),
      }),
      "media.damaged",
      /failed: .*indices element out of data bounds/,
    ],
    [
      "no model",
      () => ({
        folder: variant("m0", (copy) => {
          rmSync(join(copy, "onnx"), { recursive: true });
        }),
      }),
      "media.not-found",
      /has no onnx\/model\.onnx nor model\.onnx/,
    ],
    ["no such file", () => ({ file: "onnx/model_fp16.onnx" }), "media.not-found", /model_fp16/],
    ["a file outside", () => ({ file: "../model.onnx" }), "config.invalid", /option "file"/],
    [
      "garbage for a model",
      () => ({ folder: write("m1", "onnx/model.onnx", "garbage") }),
      "media.damaged",
      /onnx\/model\.onnx .* cannot be loaded/,
    ],
    [
      "half a model",
      () => ({ folder: write("m2", "onnx/model.onnx", tinyBertModel().subarray(0, 2000)) }),
      "media.damaged",
      /cannot be loaded/,
    ],
    [
      "an empty model",
      () => ({ folder: write("m3", "onnx/model.onnx", "") }),
      "media.damaged",
      /cannot be loaded/,
    ],
    [
      "weights that are no numbers",
      () => ({ folder: write("m4", "onnx/model.onnx", tinyBertModel({ weight: NaN })) }),
      "media.damaged",
      /not finite/,
    ],
    [
      "a network for images",
      () => ({ folder: write("m5", "onnx/model.onnx", imageModel()) }),
      "media.unsupported",
      /requires the input "pixel_values"/,
    ],
    [
      "an output that is not there",
      () => ({ output: "last_hiden_state" }),
      "config.invalid",
      /no output "last_hiden_state"/,
    ],
    [
      "an output of another shape",
      () => ({ output: "sentence_embedding" }),
      "media.unsupported",
      /sentence_embedding is \[1, 8\], not \[1, 3, D\]/,
    ],
    ["no room for a text", () => ({ maxTokens: 2 }), "config.invalid", /maxTokens 2 leaves no room/],
    [
      "an odd name for a hub",
      () => ({ folder: undefined, hub: "../../etc" }),
      "config.invalid",
      /option "hub"/,
    ],
  ] as const)("%s", async (_what, options, code, message) => {
    await expectRejection(open(options()), code, message);
  });
});

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { expectedOf, fixtureFolder } from "../../encoders/testing/family-fixture.js";
import type { FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { nodeEnvironment } from "../node-environment.js";
import { createExtractor } from "../registry.js";
import { expectRejection } from "../testing/expect-rejection.js";

const folder = fixtureFolder("bert");
const root = mkdtempSync(join(tmpdir(), "euar-encoder-text-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function open(options: Readonly<Record<string, unknown>> = {}): Promise<FeatureExtractor<TextMedia>> {
  return createExtractor(
    "text",
    { adapter: "text/encoder", options: { folder, ...options } },
    nodeEnvironment,
  );
}

/** Vectors of a text with some options. */
async function read(text: string, options: Readonly<Record<string, unknown>> = {}): Promise<number[]> {
  const extractor = await open(options);
  const { sequence } = await extractor.extract({ text });
  extractor.close();
  return [...sequence];
}

/**
 * Vectors that transformers computes for the first text of the fixtures, "bad film not", after a layer:
 * [T][D].
 */
function expected(layer: number): number[][] {
  const all = expectedOf("bert").get(`hidden/${layer}`) ?? new Float32Array(0);
  const width = all.length / 15; // of three texts
  return Array.from({ length: 5 }, (_, t) => [...all.subarray(t * width, (t + 1) * width)]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const columns = (rows: readonly number[][]): number[][] =>
  (rows[0] ?? []).map((_, d) => rows.map((row) => row[d] ?? NaN));

function expectClose(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i] ?? NaN, 5);
  });
}

const TEXT = "bad film not";

describe("text/encoder", () => {
  it.each([0, 1, 2])("gives the mean of transformers' states after layer %i", async (layer) => {
    const states = expected(layer);
    const wanted = columns(states).map((column) => sum(column) / column.length);
    expectClose(await read(TEXT, { layer: String(layer) }), wanted);
  });

  it("reads the last layer by default, and averages several in any order", async () => {
    expect(await read(TEXT)).toEqual(await read(TEXT, { layer: "2" }));
    const both = await read(TEXT, { layer: "2+1", pooling: "cls" });
    const [first, second] = [expected(1)[0] ?? [], expected(2)[0] ?? []];
    expectClose(
      both,
      first.map((value, d) => (value + (second[d] ?? NaN)) / 2),
    );
    expect(await read(TEXT, { layer: "0", pooling: "cls" })).toHaveLength(first.length);
    expectClose(await read(TEXT, { layer: "0+1", pooling: "cls" }), [
      ...first.map((value, d) => (value + (expected(0)[0]?.[d] ?? NaN)) / 2),
    ]);
  });

  it("pools by the largest value, keeps the text's own tokens, and scales to length 1", async () => {
    const states = expected(2);
    expectClose(
      await read(TEXT, { pooling: "max" }),
      columns(states).map((column) => Math.max(...column)),
    );
    expectClose(await read(TEXT, { pooling: "tokens" }), states.slice(1, 4).flat());
    expect(sum((await read(TEXT, { normalise: true })).map((value) => value * value))).toBeCloseTo(1, 5);
  });

  it("does not depend on other texts, masks an empty one and cuts a long one off", async () => {
    const extractor = await open({ maxTokens: 6 });
    const [one, , again] = [
      await extractor.extract({ text: TEXT }),
      await extractor.extract({ text: "good ".repeat(9) }),
      await extractor.extract({ text: TEXT }),
    ];
    expect(again).toEqual(one);
    const empty = await extractor.extract({ text: " " });
    expect([[...empty.mask], empty.quality.problems[0]?.code]).toEqual([[0], "text.empty"]);
    const long = await extractor.extract({ text: "good ".repeat(9) });
    expect(long.quality.measures).toMatchObject({ tokens: 9, tokensDropped: 5 });
    expect([extractor.identity.width, extractor.identity.options]).toEqual([
      8,
      { folder, layer: "2", pooling: "mean", normalise: false, letterCase: "auto", maxTokens: 6 },
    ]);
    extractor.close();
  });

  it("refuses missing layers, folders without an encoder and the tokenizer of another encoder", async () => {
    await expectRejection(open({ layer: "3" }), "config.invalid", /no layer 3/);
    await expectRejection(open({ layer: "1+1" }), "config.invalid", /"1\+1" names no layers/);
    await expectRejection(open({ layer: "last" }), "config.invalid", /layer/);
    await expectRejection(open({ folder: root }), "media.not-found", /config\.json/);
    await expectRejection(open({ folder: join(root, "none") }), "media.not-found", /no encoder/);
    const foreign = join(root, "foreign");
    cpSync(folder, foreign, { recursive: true });
    const { model, ...rest } = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")) as {
      model: { vocab: Record<string, number> };
    };
    const vocab = { ...model.vocab, enormous: 5000 };
    writeFileSync(join(foreign, "tokenizer.json"), JSON.stringify({ ...rest, model: { ...model, vocab } }));
    await expectRejection(read("enormous", { folder: foreign }), "media.mismatch", /5000|5001/);
  });
});

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureExtractor } from "../../src/features/feature-extractor.js";
import type { TextMedia } from "../../src/features/media.js";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createOnnxTextExtractor, type OnnxTextOptions } from "../../src/features/text/onnx-text.js";
import { bertModel, type BertWeights } from "./bert-graph.js";
import { minilmFolder } from "./minilm-folder.js";

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
  /** Leading values of the mean, its length, and of the last token's vector; then with 8-bit weights. */
  readonly mean: readonly number[];
  readonly norm: number;
  readonly last: readonly number[];
  readonly quantisedMean: readonly number[];
}

const cases = JSON.parse(
  readFileSync(new URL("../fixtures/minilm.json", import.meta.url), "utf8"),
) as readonly Case[];
const folder = minilmFolder();

/** The 32-bit tensors of a safetensors file, whose integers the package's own reader does not take. */
function storedWeights(path: string): BertWeights {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  return (name) => {
    const { shape, data_offsets: [from, until] = [0, 0] } = header[name] ?? {};
    if (!shape) throw new Error(`${path} has no ${name}`);
    return {
      dims: shape,
      values: new Float32Array(new Uint8Array(bytes.subarray(start + from, start + until)).buffer),
    };
  };
}

/** all-MiniLM-L6-v2 (Apache-2.0); expected values by scripts/fixtures/minilm.py. */
describe.skipIf(folder === undefined)("text/onnx on all-MiniLM-L6-v2", () => {
  const exact = mkdtempSync(join(tmpdir(), "euar-minilm-"));
  const open = (where: string, options: OnnxTextOptions = {}): Promise<FeatureExtractor<TextMedia>> =>
    createOnnxTextExtractor({ folder: where, ...options }, nodeEnvironment);

  beforeAll(() => {
    const weights = storedWeights(join(folder ?? "", "model.safetensors"));
    writeFileSync(join(exact, "model.onnx"), bertModel({ layers: 6, heads: 12, width: 384 }, weights));
    for (const name of ["tokenizer.json", "tokenizer_config.json", "config.json"])
      copyFileSync(join(folder ?? "", name), join(exact, name));
  });

  afterAll(() => {
    rmSync(exact, { recursive: true, force: true });
  });

  it("equals the network written out in double precision, with tokens by another tokenizer", async () => {
    const [mean, tokens] = [await open(exact), await open(exact, { pooling: "tokens" })];
    expect(mean.identity).toMatchObject({ width: 384, options: { maxTokens: 512, pooling: "mean" } });
    for (const { text, ids, mean: expected, norm } of cases) {
      const { sequence } = await mean.extract({ text });
      expected.forEach((value, d) => {
        expect(sequence[d], text).toBeCloseTo(value, 5);
      });
      expect(Math.hypot(...sequence), text).toBeCloseTo(norm, 4);
      expect((await tokens.extract({ text })).steps, text).toBe(ids.length - 2);
    }
    for (const one of [mean, tokens]) one.close();
  });

  it("equals onnxruntime for Python with 8-bit weights", async () => {
    const quantised = await open(folder ?? "");
    for (const { text, quantisedMean, norm } of cases) {
      const { sequence } = await quantised.extract({ text });
      quantisedMean.forEach((value, d) => {
        expect(Math.abs((sequence[d] ?? NaN) - value), text).toBeLessThan(1e-5 * norm);
      });
    }
    quantised.close();
  });

  it("places similar sentences nearer than others", async () => {
    const encoder = await open(exact, { normalise: true });
    const [a, b, c] = await Promise.all(
      ["The film was great", "I loved this movie", "The train leaves at noon"].map(
        async (text) => (await encoder.extract({ text })).sequence,
      ),
    );
    const dot = (x?: Float32Array, y?: Float32Array): number =>
      Array.from(x ?? []).reduce((sum, value, i) => sum + value * (y?.[i] ?? NaN), 0);
    expect(dot(a, b)).toBeGreaterThan(0.6);
    expect(dot(a, c)).toBeLessThan(0.2);
    encoder.close();
  });
});

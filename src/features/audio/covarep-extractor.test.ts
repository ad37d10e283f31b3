import { afterAll, describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import type { ExtractedFeatures } from "../feature-extractor.js";
import { nodeAssets } from "../node-assets.js";
import { createCovarepExtractor } from "./covarep-extractor.js";
import { covarepNames } from "./covarep-features.js";
import { frameCount } from "./frames.js";
import { resample } from "../../signal/resample.js";
import { readSentence, speechIsAbsent } from "./testing/speech.js";

const key = randomKey(11, "test/covarep");
const extractor = await createCovarepExtractor({ readAsset: nodeAssets, vad: "energy" });
afterAll(() => {
  extractor.close();
});

const column = (features: ExtractedFeatures, name: string): Float32Array => {
  const at = covarepNames.indexOf(name);
  return Float32Array.from(
    { length: features.steps },
    (_, t) => features.sequence[t * features.width + at] ?? NaN,
  );
};
const codes = (features: ExtractedFeatures): string[] => features.quality.problems.map((p) => p.code);

function expectSound(features: ExtractedFeatures, samples: number): void {
  expect(features.steps).toBe(frameCount(samples));
  expect(features.sequence).toHaveLength(features.steps * 74);
  expect(features.mask).toHaveLength(features.steps);
  expect(features.times).toHaveLength(2 * features.steps);
  expect(features.sequence.every(Number.isFinite)).toBe(true);
}

describe("audio/covarep", () => {
  it("has COVAREP's 74 names in its order", () => {
    expect(covarepNames).toHaveLength(74);
    expect(covarepNames.slice(0, 13).join(" ")).toBe(
      "F0 VUV NAQ QOQ H1H2 PSP MDQ peakSlope Rd Rd_conf creak MCEP_0 MCEP_1",
    );
    expect([
      covarepNames[35],
      covarepNames[36],
      covarepNames[60],
      covarepNames[61],
      covarepNames[73],
    ]).toEqual(["MCEP_24", "HMPDM_0", "HMPDM_24", "HMPDD_0", "HMPDD_12"]);
    expect(extractor.featureNames).toBe(covarepNames);
    expect(extractor.identity).toEqual({
      adapter: "audio/covarep",
      version: 1,
      packages: {},
      options: { vad: "energy" },
      width: 74,
    });
  });

  it.each([0, 1, 81, 1000])("takes a sound of %i samples", async (length) => {
    const features = await extractor.extract({
      samples: new Float32Array(length).fill(0.1),
      sampleRate: 16_000,
    });
    expectSound(features, length);
    expect(codes(features)).toContain("audio.short");
  });

  it("says that silence is absent", async () => {
    const features = await extractor.extract({ samples: new Float32Array(8000), sampleRate: 16_000 });
    expectSound(features, 8000);
    expect(features.mask.includes(1)).toBe(false);
    expect(codes(features)[0]).toBe("audio.silent");
  });

  it("accepts constants, full-scale noise, huge amplitudes and samples that are not numbers", async () => {
    const noise = Float32Array.from({ length: 3000 }, (_, i) => normalAt(key, i));
    const broken = noise.slice();
    [broken[100], broken[101], broken[2000]] = [NaN, Infinity, -Infinity];
    for (const samples of [
      new Float32Array(3000).fill(0.5),
      noise,
      noise.map((x) => x * 1e18),
      noise.map((x) => x * 1e-30),
      broken,
    ]) {
      expectSound(await extractor.extract({ samples, sampleRate: 16_000 }), 3000);
    }
    const { quality } = await extractor.extract({ samples: broken, sampleRate: 16_000 });
    expect(quality.measures["invalidShare"]).toBeCloseTo(3 / 3000, 10);
  });

  it("refuses rates and lengths that it cannot read", async () => {
    await expect(extractor.extract({ samples: new Float32Array(10), sampleRate: 0 })).rejects.toMatchObject({
      code: "media.unsupported",
    });
    await expect(extractor.extract({ samples: new Float32Array(10), sampleRate: NaN })).rejects.toMatchObject(
      {
        code: "media.unsupported",
      },
    );
    await expect(
      extractor.extract({ samples: new Float32Array(40_000_000), sampleRate: 2000 }),
    ).rejects.toMatchObject({
      code: "media.too-large",
    });
  });

  it("stops when asked to", async () => {
    const stop = new AbortController();
    const running = extractor.extract(
      { samples: new Float32Array(160_000), sampleRate: 16_000 },
      stop.signal,
    );
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });

  it("masks nothing but silence when no voice activity is wanted", async () => {
    const plain = await createCovarepExtractor({ readAsset: nodeAssets, vad: "none" });
    const noise = Float32Array.from({ length: 4000 }, (_, i) => 0.1 * normalAt(key, i));
    expect((await plain.extract({ samples: noise, sampleRate: 16_000 })).mask.every((m) => m === 1)).toBe(
      true,
    );
    expect(
      (await plain.extract({ samples: new Float32Array(4000), sampleRate: 16_000 })).mask.includes(1),
    ).toBe(false);
    plain.close();
    await expect(plain.extract({ samples: noise, sampleRate: 16_000 })).rejects.toThrow(/closed/);
  });
});

describe.skipIf(speechIsAbsent())("audio/covarep on real speech", () => {
  const speech = readSentence("0880").slice(8000, 24_000);

  it("does not change with an inverted recording", async () => {
    const [a, b] = await Promise.all(
      [speech, speech.map((x) => -x)].map((samples) => extractor.extract({ samples, sampleRate: 16_000 })),
    );
    expect(b?.sequence).toEqual(a?.sequence);
  });

  it("gives nearly the same result from 44.1 kHz", async () => {
    const reference = await extractor.extract({ samples: speech, sampleRate: 16_000 });
    const other = await extractor.extract({ samples: resample(speech, 16_000, 44_100), sampleRate: 44_100 });
    for (const [name, limit] of [
      ["F0", 0.01],
      ["MCEP_0", 0.03],
      ["MCEP_1", 0.06],
    ] as const) {
      const [a, b] = [column(reference, name), column(other, name)];
      const errors = a.map((x, t) => Math.abs((b[t] ?? NaN) - x) / Math.max(1, Math.abs(x))).sort();
      expect(errors[errors.length >> 1]).toBeLessThan(limit);
    }
  });

  it("marks speech by Silero, and records the model", async () => {
    const silero = await createCovarepExtractor({ readAsset: nodeAssets });
    const features = await silero.extract({ samples: speech, sampleRate: 16_000 });
    expect(features.mask.reduce((a, b) => a + b, 0) / features.steps).toBeGreaterThan(0.6);
    expect(Object.keys(silero.identity.packages)).toEqual(["@ricky0123/vad-web/dist/silero_vad_v5.onnx"]);
    silero.close();
  });
});

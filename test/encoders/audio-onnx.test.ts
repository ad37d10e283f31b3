import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../src/core/random.js";
import type { FeatureExtractor } from "../../src/features/feature-extractor.js";
import type { AudioMedia } from "../../src/features/media.js";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createExtractor } from "../../src/features/registry.js";
import { expectRejection } from "../../src/features/testing/expect-rejection.js";
import { imageModel } from "./conv-graph.js";
import { KERNEL, STRIDE, waveModel, type WaveModelShape, waveWeights } from "./wave-graph.js";

const root = mkdtempSync(join(tmpdir(), "euar-audio-"));
let made = 0;

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function folderOf(model: Uint8Array | WaveModelShape, config?: unknown): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  writeFileSync(join(folder, "model.onnx"), model instanceof Uint8Array ? model : waveModel(model));
  if (config !== undefined) writeFileSync(join(folder, "preprocessor_config.json"), JSON.stringify(config));
  return folder;
}

function open(
  folder: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<FeatureExtractor<AudioMedia>> {
  return createExtractor(
    "audio",
    { adapter: "audio/onnx", options: { folder, vad: "none", ...options } },
    nodeEnvironment,
  );
}

const key = randomKey(7, "sound");
const noise = (length: number, sampleRate = 16_000): AudioMedia => ({
  samples: Float32Array.from({ length }, (_, i) => 0.1 + 0.2 * normalAt(key, i)),
  sampleRate,
});

/** The network by hand. */
function convolved(samples: Float32Array, channels: number): number[][] {
  const weights = waveWeights(channels);
  const frames = Math.floor((samples.length - KERNEL) / STRIDE) + 1;
  return Array.from({ length: frames }, (_, t) =>
    Array.from({ length: channels }, (_c, c) => {
      let sum = 0;
      for (let i = 0; i < KERNEL; i++) sum += (samples[t * STRIDE + i] ?? 0) * (weights[c * KERNEL + i] ?? 0);
      return sum;
    }),
  );
}

function standardised(samples: Float32Array): Float32Array {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
  return samples.map((x) => (x - mean) / Math.sqrt(variance + 1e-7));
}

describe("audio/onnx", () => {
  it("gives the network's frames of the standardised sound, each with its time", async () => {
    const sound = noise(16_000);
    const extractor = await open(folderOf({ channels: 3 }));
    expect(extractor.identity).toMatchObject({
      adapter: "audio/onnx",
      width: 3,
      options: { output: "last_hidden_state", normalise: true, chunk: 20, vad: "none" },
    });
    const { steps, sequence, times, mask } = await extractor.extract(sound);
    const expected = convolved(standardised(sound.samples), 3);
    expect(steps).toBe(expected.length);
    expected.flat().forEach((value, i) => {
      expect(sequence[i]).toBeCloseTo(value, 4);
    });
    expect([times[0], times.at(-1)]).toEqual([0, 1]);
    expect(mask.every((real) => real === 1)).toBe(true);
    extractor.close();
    await expectRejection(extractor.extract(sound), "internal");
  });

  it("does not scale the sound if so stated, and feeds a mask if the model has one", async () => {
    const sound = noise(4000);
    const plain = convolved(sound.samples, 2).flat();
    for (const [folder, options] of [
      [folderOf({ channels: 2 }, { do_normalize: false, sampling_rate: 16_000 }), {}],
      [folderOf({ channels: 2, masked: true }), { normalise: false }],
    ] as const) {
      const extractor = await open(folder, options);
      const { sequence } = await extractor.extract(sound);
      plain.forEach((value, i) => {
        expect(sequence[i]).toBeCloseTo(value, 4);
      });
      extractor.close();
    }
  });

  it("reads a long sound in equal pieces, one after the other", async () => {
    const sound = noise(16_000 * 5);
    const extractor = await open(folderOf({ channels: 2 }), { chunk: 2, normalise: false });
    const { steps, sequence, times } = await extractor.extract(sound);
    const piece = (16_000 * 5) / 3;
    const expected = [0, 1, 2]
      .flatMap((i) =>
        convolved(sound.samples.subarray(Math.round(i * piece), Math.round((i + 1) * piece)), 2),
      )
      .flat();
    expect(steps * 2).toBe(expected.length);
    expected.forEach((value, i) => {
      expect(sequence[i]).toBeCloseTo(value, 4);
    });
    expect(times[2 * (steps / 3)]).toBeCloseTo(5 / 3, 4);
    expect(times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0))).toBe(true);
    extractor.close();
  });

  it("masks silence by loudness, and takes sounds of no sample, of few, and at another rate", async () => {
    const extractor = await open(folderOf({}), { vad: "energy" });
    const half = noise(32_000);
    half.samples.fill(0, 16_000);
    const { mask, steps } = await extractor.extract(half);
    expect(mask.subarray(0, Math.floor(steps * 0.45)).every((real) => real === 1)).toBe(true);
    expect(mask.subarray(Math.ceil(steps * 0.6)).every((real) => real === 0)).toBe(true);
    expect(await extractor.extract({ samples: new Float32Array(0), sampleRate: 16_000 })).toMatchObject({
      steps: 1,
      mask: Uint8Array.of(0),
    });
    expect((await extractor.extract(noise(10))).steps).toBe(1);
    expect((await extractor.extract(noise(48_000, 48_000))).steps).toBe(49);
    extractor.close();
  });

  it("takes a network that gives one vector", async () => {
    const extractor = await open(folderOf({ output: "vector" }), { output: "embedding" });
    expect(await extractor.extract(noise(8000))).toMatchObject({
      steps: 1,
      width: 3,
      times: Float64Array.of(0, 0.5),
    });
    extractor.close();
  });

  it.each([
    [
      "a network for images",
      () => open(folderOf(imageModel())),
      "media.unsupported",
      /its inputs are pixel_values \[batch, 3, side, side\], not one waveform/,
    ],
    [
      "a network for sounds of one length",
      () => open(folderOf({ samples: 16_000 })),
      "media.unsupported",
      /exactly 16000 samples/,
    ],
    ["another rate", () => open(folderOf({}, { sampling_rate: 8000 })), "media.unsupported", /reads 8000 Hz/],
    [
      "an output that is not there",
      () => open(folderOf({}), { output: "pool" }),
      "config.invalid",
      /no output "pool"/,
    ],
    ["a chunk of nothing", () => open(folderOf({}), { chunk: 0 }), "config.invalid", /chunk/],
  ] as const)("refuses %s", async (_what, work, code, message) => {
    await expectRejection(work(), code, message);
  });
});

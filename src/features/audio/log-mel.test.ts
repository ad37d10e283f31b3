import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createExtractor } from "../registry.js";
import { bandStatistics, logMelFrames, melFilters } from "./log-mel.js";

const numbers = z.array(z.number());
const fixture = z
  .array(
    z.object({
      bands: z.number(),
      low: z.number(),
      high: z.number(),
      steps: z.number(),
      rows: z.record(z.string(), numbers),
      means: numbers,
      deviations: numbers,
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("../../../test/fixtures/log-mel.json", import.meta.url), "utf8")));

/** Fixture of scripts/fixtures/log_mel.py. */
function sweep(): Float32Array {
  const samples = Float32Array.from({ length: 8000 }, (_, i) => {
    const t = i / 16_000;
    return 0.5 * Math.sin(2 * Math.PI * (200 * t + 3000 * t * t));
  });
  return samples.fill(0, 6400);
}

const nothing = { readAsset: () => Promise.reject(new Error("nothing is here")) };
const adapter = (options: Record<string, unknown>): Parameters<typeof createExtractor>[1] => ({
  adapter: "audio/log-mel",
  options,
});

describe("log-mel spectrogram", () => {
  it.each(fixture)("of $bands bands from $low to $high Hz is numpy's", (options) => {
    const { bands, steps, rows, means, deviations } = options;
    const frames = logMelFrames(sweep(), bands, melFilters(options));
    expect(frames.length).toBe(steps * bands);
    for (const [t, row] of Object.entries(rows))
      row.forEach((value, band) => {
        expect(Math.abs((frames[Number(t) * bands + band] ?? NaN) - value)).toBeLessThan(2e-3);
      });
    const statistics = bandStatistics(frames, bands, new Uint8Array(steps).fill(1));
    [...means, ...deviations].forEach((value, i) => {
      expect(Math.abs((statistics[i] ?? NaN) - value)).toBeLessThan(1e-3);
    });
  });

  it("rises in the band of a tone", () => {
    const tone = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 16_000));
    const options = { bands: 40, low: 20, high: 8000 };
    const frames = logMelFrames(tone, 40, melFilters(options));
    const middle = Array.from(frames.subarray(50 * 40, 51 * 40));
    const loudest = middle.indexOf(Math.max(...middle));
    // 1000 Hz is mel 1000; the edges of 40 bands from 32 to 2840 mel are 68.5 mel apart
    expect(loudest).toBe(Math.round((1000 - 31.7) / 68.5) - 1);
  });
});

describe("audio/log-mel", () => {
  it("gives frames, or the statistics of the usable ones", async () => {
    const media = { samples: sweep(), sampleRate: 16_000 };
    const frames = await createExtractor("audio", adapter({}), nothing);
    expect(frames.identity).toMatchObject({ version: 1, packages: {}, width: 40 });
    const { steps, width, times, mask } = await frames.extract(media);
    expect([steps, width, mask.every((real) => real === 1)]).toEqual([50, 40, true]);
    expect(Array.from(times.subarray(0, 4))).toEqual([0, 0.01, 0.01, 0.02]);
    const statistics = await createExtractor("audio", adapter({ summary: "statistics", bands: 13 }), nothing);
    const made = await statistics.extract(media);
    expect([made.steps, made.width, made.sequence.length]).toEqual([1, 26, 26]);
    expect(Array.from(made.times)).toEqual([0, 0.5]);
  });

  it("has a masked step for silence and for nothing, and finite values", async () => {
    const extractor = await createExtractor("audio", adapter({ summary: "statistics" }), nothing);
    for (const length of [0, 1, 8000]) {
      const silent = await extractor.extract({ samples: new Float32Array(length), sampleRate: 16_000 });
      expect(Array.from(silent.mask)).toEqual([0]);
      expect(silent.sequence.every((value) => value === 0)).toBe(true);
      expect(silent.quality.problems[0]?.code).toBe("audio.silent");
    }
  });

  it("masks frames that are not speech by their loudness", async () => {
    const extractor = await createExtractor("audio", adapter({ vad: "energy" }), nothing);
    const { mask } = await extractor.extract({ samples: sweep(), sampleRate: 16_000 });
    expect([mask[10], mask[49]]).toEqual([1, 0]);
  });

  it("refuses a band that ends before it begins", async () => {
    await expect(createExtractor("audio", adapter({ low: 3000, high: 2000 }), nothing)).rejects.toMatchObject(
      { code: "config.invalid" },
    );
  });
});

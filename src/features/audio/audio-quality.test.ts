import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { nodeAssets } from "../node-assets.js";
import type { Quality } from "../quality.js";
import { loadSilero, sileroModel } from "./activity/silero-activity.js";
import { audioQuality } from "./audio-quality.js";
import { frameCount } from "./frames.js";
import { readSentence, speechIsAbsent } from "./testing/speech.js";

const key = randomKey(9, "test/audio-quality");
const severityOf = (quality: Quality, code: string): number =>
  quality.problems.find((p) => p.code === code)?.severity ?? 0;
const judge = (samples: Float32Array, speech?: Uint8Array): Quality =>
  audioQuality({ samples, original: samples, speech, invalidShare: 0 });
const silero = await loadSilero(await nodeAssets(sileroModel.packageName, sileroModel.path), nodeAssets);

describe.skipIf(speechIsAbsent())("audioQuality of real speech", () => {
  const sentence = readSentence("0880");
  /** Adds one second of room noise on both sides. */
  const speech = new Float32Array(sentence.length + 32_000);
  speech.set(sentence, 16_000);
  const active = silero.detect(speech);
  const energy = sentence.reduce((sum, x) => sum + x * x, 0) / sentence.length;
  const noisy = (snr: number): Float32Array =>
    speech.map((x, i) => x + Math.sqrt(energy / 10 ** (snr / 10)) * normalAt(key, i));

  it("finds no problem in clean speech", async () => {
    const quality = judge(speech, await active);
    expect(quality.problems).toEqual([]);
    expect(quality.score).toBe(1);
  });

  it.each([25, 10, 0])("measures a signal-to-noise ratio of %i dB within 3 dB", async (snr) => {
    const sound = noisy(snr);
    const quality = judge(sound, await silero.detect(sound));
    expect(Math.abs((quality.measures["snrDb"] ?? NaN) - snr)).toBeLessThan(3);
    if (snr > 19) expect(severityOf(quality, "audio.noisy")).toBe(0);
    if (snr < 12) expect(severityOf(quality, "audio.noisy")).toBeGreaterThan(0.1);
  });

  it("finds noise without voice activity, and noise that was taken for speech", () => {
    const all = new Uint8Array(frameCount(speech.length)).fill(1);
    for (const activity of [undefined, all]) {
      expect(severityOf(judge(speech, activity), "audio.noisy")).toBe(0);
      const sentenceAlone = judge(sentence, activity?.subarray(0, frameCount(sentence.length)));
      expect(severityOf(sentenceAlone, "audio.noisy")).toBe(0);
      expect(severityOf(judge(noisy(0), activity), "audio.noisy")).toBeGreaterThan(0.3);
    }
  });

  it("says that muted speech is silent, and nothing else", () => {
    const quality = judge(new Float32Array(speech.length), new Uint8Array(frameCount(speech.length)));
    expect(quality.problems.map((p) => p.code)).toEqual(["audio.silent"]);
    expect(quality.score).toBe(0);
    expect(quality.problems[0]?.message).toBe("it is silent in 100% of its frames");
  });

  it("does not call quiet speech silent", async () => {
    const quiet = speech.map((x) => 0.05 * x);
    expect(severityOf(judge(quiet, await silero.detect(quiet)), "audio.silent")).toBe(0);
  });

  it.each([2, 8])("detects clipping at 1/%i of the peak, whatever the gain after it", (hardness) => {
    const peak = speech.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const limit = peak / hardness;
    for (const gain of [1, 1 / peak]) {
      const clipped = speech.map((x) => gain * Math.max(-limit, Math.min(limit, x)));
      const expected = speech.reduce((sum, x) => sum + (Math.abs(x) >= limit ? 1 : 0), 0) / speech.length;
      const quality = judge(clipped);
      expect(quality.measures["clippedShare"]).toBeGreaterThan(0.5 * expected);
      expect(quality.measures["clippedShare"]).toBeLessThan(1.2 * expected);
      expect(severityOf(quality, "audio.clipped")).toBeGreaterThan(0);
    }
    expect(judge(speech).measures["clippedShare"]).toBeLessThan(1e-4);
  });
});

describe("audioQuality", () => {
  it("does not treat the tops of a tone as clipping", () => {
    for (const frequency of [60, 440, 3000]) {
      const tone = Float32Array.from(
        { length: 16_000 },
        (_, i) => 0.9 * Math.sin((2 * Math.PI * frequency * i) / 16_000 + 0.4),
      );
      expect(severityOf(judge(tone), "audio.clipped")).toBe(0);
    }
  });

  it("says that there is no speech", () => {
    const noise = Float32Array.from({ length: 32_000 }, (_, i) => 0.1 * normalAt(key, i));
    const quality = judge(noise, new Uint8Array(200));
    expect(quality.problems).toEqual([
      { code: "audio.no-speech", severity: 1, message: "no speech was found" },
    ]);
  });

  it("says that a sound is short", () => {
    const noise = Float32Array.from({ length: 1600 }, (_, i) => 0.1 * normalAt(key, i));
    expect(severityOf(judge(noise), "audio.short")).toBeGreaterThan(0.5);
    expect(judge(noise).problems[0]?.message).toBe("it lasts only 0.10 s");
  });

  it("lowers the quality for samples that were not numbers", () => {
    const samples = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * normalAt(key, i));
    const quality = audioQuality({ samples, original: samples, speech: undefined, invalidShare: 0.25 });
    expect(severityOf(quality, "audio.silent")).toBe(0.25);
  });

  it.each([0, 1, 100])("takes %i samples", (length) => {
    const quality = judge(new Float32Array(length).fill(0.5), new Uint8Array(1));
    expect(Object.values(quality.measures).every(Number.isFinite)).toBe(true);
    expect(quality.score).toBe(0);
  });
});

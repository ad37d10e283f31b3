import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../../core/random.js";
import { nodeAssets } from "../../node-assets.js";
import { readSentence, speechIsAbsent } from "../testing/speech.js";
import { loadSilero, sileroModel } from "./silero-activity.js";
import { speechFrames } from "./speech-frames.js";

const model = await nodeAssets(sileroModel.packageName, sileroModel.path);
const silero = await loadSilero(model, nodeAssets);
const share = (mask: Uint8Array): number => mask.reduce((a, b) => a + b, 0) / mask.length;

describe("loadSilero", () => {
  it("finds no speech in silence, noise and a tone", async () => {
    const key = randomKey(7, "test/silero");
    const noise = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * normalAt(key, i));
    const tone = Float32Array.from(
      { length: 16_000 },
      (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000),
    );
    for (const sound of [new Float32Array(16_000), noise, tone])
      expect(share(await silero.detect(sound))).toBeLessThan(0.1);
  });

  it.skipIf(speechIsAbsent())("hears a sentence between two silences, and nothing else", async () => {
    const sentence = readSentence("0880");
    const padded = new Float32Array(sentence.length + 64_000);
    padded.set(sentence, 32_000);
    const mask = await silero.detect(padded);
    const end = 200 + Math.floor(sentence.length / 160);
    expect(share(mask.subarray(0, 190))).toBe(0);
    expect(share(mask.subarray(200, end))).toBeGreaterThan(0.75);
    expect(share(mask.subarray(end + 40))).toBe(0);
  });

  it("takes sounds of no length and of one sample", async () => {
    expect(await silero.detect(new Float32Array(0))).toEqual(Uint8Array.of(0));
    expect(await silero.detect(new Float32Array(1))).toEqual(Uint8Array.of(0));
  });

  it("gives each clip a fresh state", async () => {
    const key = randomKey(8, "test/silero");
    const sound = Float32Array.from({ length: 8000 }, (_, i) => 0.05 * normalAt(key, i));
    const before = await silero.detect(sound);
    await silero.detect(sound.map((x) => 5 * x));
    expect(await silero.detect(sound)).toEqual(before);
  });

  it("stops when asked to", async () => {
    await expect(silero.detect(new Float32Array(16_000), AbortSignal.abort())).rejects.toThrow(/abort/);
  });

  it("says which package is damaged when the model cannot be loaded", async () => {
    await expect(loadSilero(new Uint8Array(10), nodeAssets)).rejects.toMatchObject({ code: "media.damaged" });
  });
});

describe("speechFrames", () => {
  const at = (probabilities: number[], steps: number): number[] => [
    ...speechFrames(Float32Array.from(probabilities), steps, (t) => t),
  ];

  it("continues until the lower probability, and pads", () => {
    const p = new Array<number>(40).fill(0);
    [p[20], p[21], p[22]] = [0.6, 0.4, 0.3];
    expect(at(p, 40).flatMap((m, t) => (m === 1 ? [t] : []))).toEqual([17, 18, 19, 20, 21, 22, 23, 24]);
  });

  it("bridges gaps of up to ten frames", () => {
    const p = new Array<number>(60).fill(0);
    [p[10], p[21], p[50]] = [0.9, 0.9, 0.9];
    const mask = at(p, 60);
    expect(mask.slice(10, 22).every((m) => m === 1)).toBe(true);
    expect(mask[35]).toBe(0);
  });
});

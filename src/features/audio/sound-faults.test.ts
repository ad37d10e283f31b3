import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { lowPass } from "../../signal/butterworth.js";
import { frameLevels } from "./activity/energy-activity.js";
import { ANALYSIS_RATE } from "./frames.js";
import { type Bang, bandEdge, gapsOf, levelFall, worstBang } from "./sound-faults.js";

const key = randomKey(3, "test/sound-faults");
const sound = (seconds: number, at: (time: number, i: number) => number): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * ANALYSIS_RATE) }, (_, i) => at(i / ANALYSIS_RATE, i));
const noise = (amplitude: number) => (_: number, i: number) => amplitude * normalAt(key, i);
const tone = (hertz: number, time: number): number => Math.sin(2 * Math.PI * hertz * time);

describe("gapsOf", () => {
  /** 2 s of noise with a gap of 20 ms in every 200 ms. */
  const withGaps = (amplitude: number, inGap: (i: number) => number): Float32Array =>
    sound(2, (time, i) => (i % 3200 >= 1600 && i % 3200 < 1920 ? inGap(i) : noise(amplitude)(time, i)));

  it("counts gaps and their share of the time", () => {
    const { count, share } = gapsOf(withGaps(0.1, () => 0));
    expect(count).toBe(10);
    expect(share).toBeCloseTo(0.1, 2);
  });

  it("finds none in noise, in silence, in pauses with room noise and in an empty sound", () => {
    const none = { count: 0, share: 0 };
    expect(gapsOf(sound(2, noise(0.1)))).toEqual(none);
    expect(gapsOf(new Float32Array(32_000))).toEqual(none);
    expect(gapsOf(withGaps(0.1, (i) => 3e-4 * normalAt(key, i)))).toEqual(none);
    expect(gapsOf(new Float32Array(0))).toEqual(none);
  });

  it("counts gaps between few words in digital silence", () => {
    const few = withGaps(0.1, () => 0);
    const sparse = new Float32Array(30 * ANALYSIS_RATE);
    sparse.set(few, 8000);
    expect(gapsOf(sparse).count).toBe(10);
  });

  it("does not count a pause that begins and ends slowly, or one at the end", () => {
    const fading = sound(2, (time, i) => Math.max(0, tone(1, time)) ** 2 * noise(0.1)(time, i));
    expect(gapsOf(fading).count).toBe(0);
    expect(gapsOf(sound(2, (time, i) => (time < 1.9 ? noise(0.1)(time, i) : 0))).count).toBe(0);
  });

  it("does not count what rounding to 16 bits leaves of a quiet sound", () => {
    const quiet = sound(2, noise(1e-5)).map((x) => Math.round(x * 32_768) / 32_768);
    expect(gapsOf(quiet).count).toBe(0);
  });
});

describe("bandEdge", () => {
  it("is half the sampling rate for white noise", () => {
    expect(bandEdge(sound(1, noise(0.1)))).toBe(8000);
  });

  it.each([
    [1100, 1250],
    [3300, 3500],
  ])("is the edge of the band above the highest tone, %i Hz", (hertz, edge) => {
    expect(bandEdge(sound(1, (time) => 0.3 * tone(300, time) + 0.1 * tone(hertz, time)))).toBe(edge);
  });

  it("falls with the cut-off of a filter", () => {
    const white = Float64Array.from(sound(1, noise(0.1)));
    const edges = [3000, 2000, 1000].map((hertz) =>
      bandEdge(Float32Array.from(lowPass(white, { hertz, sampleRate: ANALYSIS_RATE }))),
    );
    expect(edges).toEqual([4750, 3500, 2000]);
  });

  it("is undefined without sound and for less than 32 ms", () => {
    expect(bandEdge(new Float32Array(16_000))).toBeUndefined();
    expect(bandEdge(sound(0.031, noise(0.1)))).toBeUndefined();
  });
});

describe("worstBang", () => {
  const severityOf = ({ levelDb, riseDb }: Bang): number => Math.min(levelDb + 40, riseDb);

  it("measures level and rise of a burst of noise", () => {
    // 3/8 of the energy of white noise lie above 5 kHz: -4.3 dB
    const bang = worstBang(
      sound(1, (time, i) => 0.1 * tone(300, time) + (time >= 0.5 && time < 0.55 ? noise(0.2)(time, i) : 0)),
      severityOf,
    );
    const burst = 10 * Math.log10((0.2 ** 2 * 3) / 8);
    const loud = 10 * Math.log10(0.1 ** 2 / 2);
    expect(bang?.levelDb).toBeGreaterThan(burst - loud - 3);
    expect(bang?.levelDb).toBeLessThan(burst - loud + 3);
    expect(bang?.riseDb).toBeGreaterThan(30);
  });

  it("does not rise in a tone or in noise that grows slowly", () => {
    const growing = worstBang(
      sound(1, (time, i) => Math.exp(5 * time - 7) * noise(1)(time, i)),
      severityOf,
    );
    expect(growing?.riseDb).toBeLessThan(5);
    const constant = worstBang(
      sound(1, (time) => tone(300, time)),
      severityOf,
    );
    expect(constant?.levelDb).toBeLessThan(-60);
  });

  it("compares with the words of a long recording, and not with its silence", () => {
    const words = (silence: number): Float32Array =>
      sound(30, (time, i) => {
        const word =
          time < 2 && time % 0.5 < 0.3 ? 0.1 * tone(300, time) * Math.sin(10.472 * (time % 0.5)) : 0;
        return word + noise(silence)(time, i);
      });
    for (const silence of [0, 1e-3]) expect(worstBang(words(silence), severityOf)?.levelDb).toBeLessThan(-25);
  });

  it("has the same levels in a long sound, which is filtered in blocks", () => {
    const burst = (start: number, seconds: number): Bang | undefined =>
      worstBang(
        sound(seconds, (time, i) => {
          const bang =
            time >= start && time < start + 0.05 ? Math.cos(12.3 * (i - start * ANALYSIS_RATE) ** 2) : 0;
          return 0.1 * tone(300, time) + 0.2 * bang;
        }),
        severityOf,
      );
    const short = burst(0.5, 1);
    for (const start of [59.98, 60, 61])
      expect(burst(start, 62)?.levelDb).toBeCloseTo(short?.levelDb ?? NaN, 1);
  });

  it("is undefined for less than 50 ms", () => {
    expect(worstBang(sound(0.04, noise(1)), severityOf)).toBeUndefined();
  });
});

describe("levelFall", () => {
  it("is large after words that end, and small in an echo", () => {
    const words = (fading: number): Float32Array =>
      sound(2, (time, i) => {
        const within = time % 0.5;
        return noise(within < 0.3 ? 0.1 : 0.1 * Math.exp(-fading * (within - 0.3)))(time, i);
      });
    expect(levelFall(frameLevels(words(100)))).toBeGreaterThan(40);
    // amplitude falls by e^-0.4 in 0.1 s: 3.5 dB
    const fall = levelFall(frameLevels(words(4)));
    expect(fall).toBeGreaterThan(3);
    expect(fall).toBeLessThan(6);
  });

  it("hears few words in a long recording", () => {
    const sparse = sound(30, (time, i) => noise(time < 2 && time % 0.5 < 0.3 ? 0.1 : 1e-4)(time, i));
    expect(levelFall(frameLevels(sparse))).toBeGreaterThan(40);
  });

  it("is 0 without frames to compare", () => {
    expect(levelFall(Float64Array.of(-20))).toBe(0);
  });
});

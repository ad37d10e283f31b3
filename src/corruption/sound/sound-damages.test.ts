import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { randomKey } from "../../core/random.js";
import { realFft } from "../../signal/fft.js";
import type { Sound } from "./sound-damage.js";
import { soundDamages } from "./sound-damages.js";
import { apply, noiseSound, power, type SoundKind, speechLike } from "./testing/sounds.js";

const kinds = Object.keys(soundDamages) as SoundKind[];
const speech = speechLike(1);
const other = speechLike(1.7, 180);

function distance(a: Sound, b: Sound): number {
  return Math.sqrt(a.samples.reduce((sum, x, i) => sum + (x - (b.samples[i] ?? NaN)) ** 2, 0));
}

describe.each(kinds)("%s", (kind) => {
  it("returns the same sound at severity 0", () => {
    expect(apply(kind, speech, 0, { other })).toBe(speech);
  });

  it("damages more at a larger severity, keeps length and range, and leaves the original alone", () => {
    const before = speech.samples.slice();
    const results = [0.1, 0.3, 0.5, 0.75, 1].map((severity) => apply(kind, speech, severity, { other }));
    const distances = results.map((sound) => distance(speech, sound));
    distances.forEach((value, i) => {
      // Tones of two pitches are as far from each other as those of three: see the test of the pitch.
      expect(value).toBeGreaterThan(kind === "speed" ? 0 : (distances[i - 1] ?? 0));
    });
    for (const { samples, sampleRate } of results) {
      expect(samples).toHaveLength(speech.samples.length);
      expect(sampleRate).toBe(speech.sampleRate);
      expect(samples.every((x) => Math.abs(x) <= 1)).toBe(true);
    }
    expect(speech.samples).toEqual(before);
  });

  it("gives the same bits for the same key", () => {
    const once = apply(kind, speech, 0.6, { other, key: randomKey(3, "a") });
    expect(apply(kind, speech, 0.6, { other, key: randomKey(3, "a") })).toEqual(once);
  });

  it("changes nothing outside the span", () => {
    const { samples } = apply(kind, speech, 0.8, { other, span: { start: 0.25, end: 0.5 } });
    const changed = Array.from(samples).flatMap((x, i) => (x === speech.samples[i] ? [] : [i]));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((i) => i >= 4000 && i < 8000)).toBe(true);
  });

  it("accepts silence, one sample, no samples and an empty span", () => {
    for (const length of [0, 1, 2, 400]) {
      const silence: Sound = { samples: new Float32Array(length), sampleRate: 8000 };
      const { samples } = apply(kind, silence, 0.9, { other });
      expect(samples).toHaveLength(length);
      expect(samples.every(Number.isFinite)).toBe(true);
    }
    const short: Sound = { samples: Float32Array.of(0.5, -0.5), sampleRate: 8000 };
    expect(apply(kind, short, 1, { other, span: { start: 0.1, end: 0.2 } })).toBe(short);
  });

  it("refuses samples that are not numbers, odd severities, spans and rates", () => {
    const bad: Sound = { samples: Float32Array.of(0, NaN, 0), sampleRate: 8000 };
    expect(codeOf(() => apply(kind, bad, 0.5, { other }))).toBe("media.damaged");
    for (const severity of [-0.1, 1.1, NaN])
      expect(codeOf(() => apply(kind, speech, severity, { other }))).toBe("config.invalid");
    expect(codeOf(() => apply(kind, speech, 1, { other, span: { start: 0.5, end: 0.5 } }))).toBe(
      "config.invalid",
    );
    expect(codeOf(() => apply(kind, { ...speech, sampleRate: 0 }, 1, { other }))).toBe("media.unsupported");
  });
});

describe("soundDamages", () => {
  it("need another sound if they declare it", () => {
    for (const kind of ["babble", "wrong-clip"] as const) {
      expect(codeOf(() => apply(kind, speech, 0.5))).toBe("config.invalid");
      const none = { samples: new Float32Array(0), sampleRate: 16000 };
      expect(codeOf(() => apply(kind, speech, 0.5, { other: none }))).toBe("media.unsupported");
    }
    const silence = { samples: new Float32Array(1000), sampleRate: 16000 };
    expect(codeOf(() => apply("babble", speech, 0.5, { other: silence }))).toBe("media.unsupported");
  });

  it("reads another sound at another rate", () => {
    const slow = { samples: new Float32Array(800).fill(0.25), sampleRate: 8000 };
    const { samples } = apply("wrong-clip", speech, 1, { other: slow });
    expect(samples[800]).toBeCloseTo(0.25, 3);
  });

  it.each(["white-noise", "pink-noise", "brown-noise", "blue-noise", "violet-noise", "babble"] as const)(
    "%s has the stated ratio in its span",
    (kind) => {
      const span = { start: 0.2, end: 0.9 };
      for (const severity of [0.2, 0.5, 0.8]) {
        const noisy = apply(kind, speech, severity, { other, span });
        const part = (sound: Sound): Float32Array => sound.samples.subarray(3200, 14400);
        const noise = part(noisy).map((x, i) => x - (part(speech)[i] ?? NaN));
        const ratio = 10 * Math.log10(power(part(speech)) / power(noise));
        expect(Math.abs(ratio - soundDamages[kind].amountAt(severity))).toBeLessThan(0.1);
      }
    },
  );

  it("noise on silence has the level that speech would give it", () => {
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    const level = 10 * Math.log10(power(apply("white-noise", silence, 0.8).samples));
    expect(level).toBeCloseTo(-26, 1);
  });

  it("noise of each colour has its power in each octave, in dB above that of the octave below", () => {
    const silence = { samples: new Float32Array(320_000), sampleRate: 16000 };
    const steps = (kind: SoundKind): number[] => {
      const { samples } = apply(kind, silence, 0.7);
      const octaves = [125, 250, 500, 1000, 2000].map((hertz) => bandPower(samples, hertz, 2 * hertz));
      return octaves.slice(1).map((value, i) => 10 * Math.log10(value / (octaves[i] ?? NaN)));
    };
    for (const step of steps("white-noise")) expect(Math.abs(step - 3)).toBeLessThan(1);
    for (const step of steps("pink-noise")) expect(Math.abs(step)).toBeLessThan(1);
    for (const step of steps("brown-noise")) expect(Math.abs(step + 3)).toBeLessThan(1);
    for (const step of steps("blue-noise")) expect(Math.abs(step - 6)).toBeLessThan(1);
    for (const step of steps("violet-noise")) expect(Math.abs(step - 9)).toBeLessThan(1);
  });

  it("mute, wrong-clip and packet-loss take the stated share", () => {
    const steady = noiseSound(2); // 100 packets
    for (const severity of [0.25, 0.5, 1]) {
      const lost = (kind: SoundKind): number =>
        apply(kind, steady, severity, { other: { ...steady, samples: new Float32Array(50) } }).samples.filter(
          (x) => x === 0,
        ).length / steady.samples.length;
      expect(lost("mute")).toBeCloseTo(severity, 3);
      expect(lost("wrong-clip")).toBeCloseTo(severity, 3);
      expect(lost("packet-loss")).toBeCloseTo(Math.round(90 * severity) / 100, 9);
    }
  });

  it("whole packets are lost", () => {
    const { samples } = apply("packet-loss", noiseSound(1), 0.5);
    for (let packet = 0; packet < 50; packet++) {
      const lost = samples.subarray(320 * packet, 320 * (packet + 1)).filter((x) => x === 0).length;
      expect([0, 320]).toContain(lost);
    }
  });

  it("quiet lowers by the stated dB", () => {
    const { samples } = apply("quiet", speech, 0.5);
    expect(10 * Math.log10(power(samples) / power(speech.samples))).toBeCloseTo(-30, 3);
  });

  it("clipping cuts off what exceeds the level of the stated amplification", () => {
    const peak = Math.max(...speech.samples.map(Math.abs));
    const { samples } = apply("clipping", speech, 0.5); // 20 dB: all above a tenth of the peak
    const above = speech.samples.filter((x) => Math.abs(x) >= peak / 10).length;
    expect(samples.filter((x) => Math.abs(x) === Math.fround(peak)).length).toBeCloseTo(above, -1);
    expect(Math.max(...samples)).toBe(Math.fround(peak));
  });

  it("low-pass and telephone keep their band and attenuate the rest", () => {
    const tone = (hertz: number): Sound => ({
      sampleRate: 16000,
      samples: Float32Array.from({ length: 16000 }, (_, i) => 0.5 * Math.sin((Math.PI * hertz * i) / 8000)),
    });
    const gain = (kind: SoundKind, hertz: number): number => {
      const { samples } = apply(kind, tone(hertz), 0.55);
      return 10 * Math.log10(power(samples.subarray(4000, 12000)) / power(tone(hertz).samples));
    };
    const edge = soundDamages["low-pass"].amountAt(0.55);
    expect(gain("low-pass", edge)).toBeCloseTo(-6, 0);
    expect(gain("low-pass", edge / 2)).toBeGreaterThan(-0.2);
    expect(gain("low-pass", 2 * edge)).toBeLessThan(-40);
    expect(soundDamages.telephone.amountAt(0.55)).toBeCloseTo(3400, -2);
    expect(gain("telephone", 3400)).toBeCloseTo(-6, 0);
    expect(gain("telephone", 300)).toBeCloseTo(-6, 0);
    expect(gain("telephone", 1000)).toBeGreaterThan(-0.2);
    expect(gain("telephone", 100)).toBeLessThan(-60);
    expect(gain("telephone", 6000)).toBeLessThan(-40);
  });

  it("reverberation decays by 60 dB in the stated time and keeps the level", () => {
    const click = { samples: new Float32Array(32000), sampleRate: 16000 };
    click.samples[0] = 1;
    const tail = apply("reverberation", click, 1 / 3).samples; // 1 s
    // Backward integration (Schroeder 1965): time between -5 and -25 dB of the tail, three times
    const energies = new Float64Array(tail.length);
    for (let i = tail.length - 2; i >= 1; i--) energies[i] = (energies[i + 1] ?? 0) + (tail[i] ?? 0) ** 2;
    const whenBelow = (decibels: number): number =>
      energies.findIndex((e, i) => i > 0 && e < (energies[1] ?? 0) * 10 ** (decibels / 10));
    expect((3 * (whenBelow(-25) - whenBelow(-5))) / 16000).toBeCloseTo(1, 1);
    const { samples } = apply("reverberation", speech, 0.5);
    expect(power(samples) / power(speech.samples)).toBeCloseTo(1, 2);
  });

  it("speed lowers pitch in proportion", () => {
    const tone: Sound = {
      sampleRate: 16000,
      samples: Float32Array.from(
        { length: 16000 },
        (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 16000),
      ),
    };
    for (const severity of [0.2, 0.5, 1]) {
      const share = soundDamages.speed.amountAt(severity);
      const { samples } = apply("speed", tone, severity);
      const crossings = samples.filter((x, i) => i > 0 && x >= 0 && (samples[i - 1] ?? 0) < 0).length;
      expect(Math.abs(crossings - 440 * share)).toBeLessThanOrEqual(1);
    }
  });

  it("bangs have the stated level and leave the rest alone", () => {
    const steady = noiseSound(2, 0.02);
    const { samples } = apply("sudden-noise", steady, 0.8);
    const bang = samples.map((x, i) => x - (steady.samples[i] ?? NaN));
    const start = bang.findIndex((x) => x !== 0);
    const ratio = power(bang.subarray(start, start + 1600)) / power(steady.samples);
    expect(10 * Math.log10(ratio)).toBeCloseTo(14, 0);
    expect(bang.filter((x) => x !== 0).length / 16000).toBeLessThan(0.45);
  });
});

/** Power of a band: sum of the squared spectrum over frames of 1024 samples. */
function bandPower(samples: Float32Array, from: number, to: number): number {
  const [re, im] = [new Float64Array(513), new Float64Array(513)];
  let sum = 0;
  for (let start = 0; start + 1024 <= samples.length; start += 1024) {
    realFft(1024).forward(Float64Array.from(samples.subarray(start, start + 1024)), re, im);
    for (let k = Math.round(from / 15.625); k < Math.round(to / 15.625); k++)
      sum += (re[k] ?? NaN) ** 2 + (im[k] ?? NaN) ** 2;
  }
  return sum;
}

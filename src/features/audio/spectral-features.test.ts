import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { trackPitch } from "./pitch.js";
import { SpectralFeatures, SPECTRAL_WIDTH } from "./spectral-features.js";
import { readSentence, speechIsAbsent } from "./testing/speech.js";

interface PraatSentence {
  readonly f0: readonly number[];
  readonly tilt: readonly (number | null)[];
}
const praat = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/praat-speech.json", import.meta.url), "utf8"),
) as Record<string, PraatSentence>;

const mel = (f: number): number => 1127.01048 * Math.log(1 + f / 700);

/** Power, in a band of frequencies, of the spectrum that 25 mel-cepstral coefficients describe. */
function bandPower(cepstrum: Float32Array, low: number, high: number): number {
  let power = 0;
  for (let f = low; f <= high; f += 20) {
    const x = (Math.PI * mel(f)) / mel(8000);
    power += Math.exp(2 * cepstrum.reduce((sum, c, k) => sum + c * Math.cos(k * x), 0));
  }
  return power;
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (i: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const product = (i: 0 | 1, j: 0 | 1): number =>
    pairs.reduce((sum, pair) => sum + (pair[i] - (i === 0 ? a : b)) * (pair[j] - (j === 0 ? a : b)), 0);
  return product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1));
}

describe.skipIf(speechIsAbsent())("SpectralFeatures on real speech", () => {
  const signal = readSentence("0880");
  const { f0 } = trackPitch(signal);
  const whole = new Float32Array(f0.length * SPECTRAL_WIDTH);
  new SpectralFeatures().compute(signal, f0, 0, f0.length, whole, SPECTRAL_WIDTH, 0);

  it("does not depend on how the clip is divided", () => {
    const parts = new Float32Array(whole.length);
    const features = new SpectralFeatures();
    for (let from = 0; from < f0.length; from += 77) {
      features.compute(signal, f0, from, Math.min(f0.length, from + 77), parts, SPECTRAL_WIDTH, 0);
    }
    expect(parts).toEqual(whole);
  });

  it("has Praat's balance of 100-800 Hz against 2-5 kHz in voiced frames", () => {
    const pairs = (praat["0880"]?.tilt ?? []).flatMap((tilt, t) => {
      if (tilt === null || (praat["0880"]?.f0[t] ?? 0) === 0) return [];
      const cepstrum = whole.subarray(t * SPECTRAL_WIDTH, t * SPECTRAL_WIDTH + 25);
      return [
        [10 * Math.log10(bandPower(cepstrum, 100, 800) / bandPower(cepstrum, 2000, 5000)), tilt] as const,
      ];
    });
    expect(pairs.length).toBeGreaterThan(100);
    expect(correlation(pairs)).toBeGreaterThan(0.9);
  });
});

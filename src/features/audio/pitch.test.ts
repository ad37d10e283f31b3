import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { frameCount } from "./frames.js";
import { trackPitch, type PitchTrack } from "./pitch.js";
import { readSentence, sentences, speechIsAbsent } from "./testing/speech.js";

interface PraatSentence {
  readonly f0: readonly number[];
}
const praat = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/praat-speech.json", import.meta.url), "utf8"),
) as Record<string, PraatSentence>;

/**
 * A resonance at 700 Hz (poles of radius 0.97) and a falling spectrum (a pole at 0.9), excited once per
 * period. The periods vary by 1%, like those of a voice: in a perfectly regular train, all odd multiples of
 * F0 have the same SRH.
 */
function pulses(f0: number): Float32Array {
  const signal = new Float32Array(16_000);
  const [b1, b2] = [2 * 0.97 * Math.cos((2 * Math.PI * 700) / 16_000), -0.97 * 0.97];
  const key = randomKey(2, "test/pulses");
  let [next, count] = [0, 0];
  let [previous, y1, y2] = [0, 0, 0];
  for (let n = 0; n < signal.length; n++) {
    const pulse = n >= next;
    if (pulse) next += (16_000 / f0) * (1 + 0.01 * normalAt(key, count++));
    previous = (pulse ? 0.05 : 0) + 0.9 * previous;
    [y1, y2] = [previous + b1 * y1 + b2 * y2, y1];
    signal[n] = y1;
  }
  return signal;
}

function compare(
  ours: PitchTrack,
  theirs: readonly number[],
): { errors: number[]; agree: number; frames: number } {
  const errors: number[] = [];
  let agree = 0;
  theirs.forEach((f0, t) => {
    const voiced = ours.voiced[t] === 1;
    if (voiced === f0 > 0) agree += 1;
    if (voiced && f0 > 0) errors.push(Math.abs((ours.f0[t] ?? 0) - f0) / f0);
  });
  return { errors, agree, frames: theirs.length };
}

describe("trackPitch", () => {
  it.each([60, 100, 173, 240, 400])("finds %i Hz in a train of pulses", (f0) => {
    const track = trackPitch(pulses(f0));
    for (let t = 10; t < 90; t++) {
      expect(track.voiced[t]).toBe(1);
      expect(Math.abs((track.f0[t] ?? 0) - f0)).toBeLessThan(0.02 * f0);
    }
  });

  it("calls noise unvoiced", () => {
    const key = randomKey(1, "test/pitch");
    const track = trackPitch(Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * normalAt(key, i)));
    expect(track.voiced.reduce((a, b) => a + b, 0)).toBeLessThan(15);
  });

  it("gives 0 and unvoiced for silence, and accepts the shortest signals", () => {
    expect(trackPitch(new Float32Array(1600)).f0.every((f) => f === 0)).toBe(true);
    for (const length of [0, 1, 79, 80, 81, 400]) {
      const track = trackPitch(new Float32Array(length).fill(0.1));
      expect(track.f0).toHaveLength(frameCount(length));
      expect(track.f0.every(Number.isFinite) && track.strength.every(Number.isFinite)).toBe(true);
    }
  });

  it("does not change with the loudness", () => {
    const signal = pulses(150);
    const quiet = trackPitch(signal.map((x) => x / 1024));
    expect(quiet.f0).toEqual(trackPitch(signal).f0);
  });
});

describe.skipIf(speechIsAbsent())("trackPitch on real speech, beside Praat", () => {
  const all = sentences.map((name) => compare(trackPitch(readSentence(name)), praat[name]?.f0 ?? []));
  const errors = all.flatMap((one) => one.errors).sort((a, b) => a - b);

  it("has a median error below 1% in frames that both find voiced", () => {
    expect(errors.length).toBeGreaterThan(1000);
    expect(errors[errors.length >> 1]).toBeLessThan(0.01);
  });

  it("is off by more than 20% in at most 3% of them", () => {
    expect(errors.filter((e) => e > 0.2).length / errors.length).toBeLessThan(0.03);
  });

  it("agrees on voicing in at least 85% of the frames of every sentence", () => {
    for (const { agree, frames } of all) expect(agree / frames).toBeGreaterThan(0.85);
  });
});

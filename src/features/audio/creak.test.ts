import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { creakyFrames } from "./creak.js";

const key = randomKey(10, "test/creak");

/** Damped 500 Hz pulses at the given samples, on a floor of faint noise. */
function pulsesAt(times: readonly number[], length: number): Float32Array {
  const signal = Float32Array.from({ length }, (_, i) => 1e-4 * normalAt(key, i));
  for (const start of times) {
    for (let i = 0; i < 160 && start + i < length; i++)
      signal[start + i] =
        (signal[start + i] ?? 0) + 0.3 * Math.exp(-i / 25) * Math.sin((2 * Math.PI * 500 * i) / 16_000);
  }
  return signal;
}

const train = (from: number, to: number, period: (k: number) => number): number[] => {
  const times: number[] = [];
  for (let t = from, k = 0; t < to; t += period(k++)) times.push(Math.round(t));
  return times;
};
const share = (mask: Uint8Array, from: number, to: number): number =>
  mask.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);

describe("creakyFrames", () => {
  it("marks slow irregular pulses, and not the regular voice before them", () => {
    const modal = train(0, 16_000, () => 130);
    const creaky = train(17_600, 32_000, (k) => 560 + 120 * normalAt(key, 100_000 + k));
    const mask = creakyFrames(pulsesAt([...modal, ...creaky], 32_000));
    expect(share(mask, 0, 98)).toBeLessThan(0.03);
    expect(share(mask, 115, 195)).toBeGreaterThan(0.9);
  });

  it("marks nothing in silence, noise or a regular voice", () => {
    expect(creakyFrames(new Float32Array(16_000)).includes(1)).toBe(false);
    expect(
      share(creakyFrames(Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * normalAt(key, i))), 0, 100),
    ).toBeLessThan(0.1);
    expect(
      share(
        creakyFrames(
          pulsesAt(
            train(0, 16_000, () => 100),
            16_000,
          ),
        ),
        0,
        100,
      ),
    ).toBeLessThan(0.05);
  });

  it.each([0, 1, 79, 500])("takes %i samples", (length) => {
    expect(creakyFrames(new Float32Array(length).fill(0.1)).every((m) => m === 0)).toBe(true);
  });
});

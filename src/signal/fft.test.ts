import { describe, expect, it } from "vitest";
import { randomKey, uniformAt } from "../core/random.js";
import { realFft } from "./fft.js";

const key = randomKey(3, "test/fft");
const noise = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => 2 * uniformAt(key, i) - 1);

function definition(x: Float64Array, size: number, k: number): [number, number] {
  let [re, im] = [0, 0];
  x.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * k * n) / size);
    im -= value * Math.sin((2 * Math.PI * k * n) / size);
  });
  return [re, im];
}

describe("realFft", () => {
  it.each([2, 4, 8, 64, 512])("agrees with the definition for %i samples", (size) => {
    const x = noise(size);
    const re = new Float64Array(size / 2 + 1);
    const im = new Float64Array(size / 2 + 1);
    realFft(size).forward(x, re, im);
    for (let k = 0; k <= size / 2; k++) {
      const [expectedRe, expectedIm] = definition(x, size, k);
      expect(re[k]).toBeCloseTo(expectedRe, 11);
      expect(im[k]).toBeCloseTo(expectedIm, 11);
    }
  });

  it("pads a short frame with zeros", () => {
    const x = noise(11);
    const re = new Float64Array(17);
    const im = new Float64Array(17);
    realFft(32).forward(noise(32), re, im);
    realFft(32).forward(x, re, im);
    expect(re[5]).toBeCloseTo(definition(x, 32, 5)[0], 12);
    expect(im[5]).toBeCloseTo(definition(x, 32, 5)[1], 12);
  });

  it("transforms a symmetric sequence, and back", () => {
    const half = noise(33);
    const out = new Float64Array(33);
    const fft = realFft(64);
    fft.symmetric(half, out);
    const full = Float64Array.from({ length: 64 }, (_, n) => half[n <= 32 ? n : 64 - n] ?? 0);
    for (let k = 0; k <= 32; k++) expect(out[k]).toBeCloseTo(definition(full, 64, k)[0], 11);
    fft.symmetric(out, out);
    out.forEach((value, n) => {
      expect(value / 64).toBeCloseTo(half[n] ?? 0, 13);
    });
  });

  it("refuses a size that is not a power of two", () => {
    expect(() => realFft(48)).toThrow(/power of two/);
  });
});

import { describe, expect, it } from "vitest";
import { decibels, powerAt } from "./spectrum-at.js";

describe("powerAt", () => {
  it("is the squared size of the Fourier transform, also at frequency 0", () => {
    const x = Float64Array.from({ length: 500 }, (_, n) => Math.sin(0.3 * n * n) + 0.2);
    for (const angle of [0, 0.003, 0.1, 1.7, Math.PI]) {
      let re = 0;
      let im = 0;
      x.forEach((value, n) => {
        re += value * Math.cos(angle * n);
        im += value * Math.sin(angle * n);
      });
      const direct = re * re + im * im;
      expect(powerAt(x, angle) / direct).toBeCloseTo(1, 7);
    }
  });
});

describe("decibels", () => {
  it("is ten per power of ten, and finite for nothing", () => {
    expect(decibels(100)).toBeCloseTo(20, 12);
    expect(decibels(0)).toBe(-300);
    expect(decibels(-1e-30)).toBe(-300);
  });
});

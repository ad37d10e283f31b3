import { describe, expect, it } from "vitest";
import { angleOf, wrapAngle } from "./arctangent.js";

describe("angleOf", () => {
  it("is the engine's atan2 to the last digits, in all quadrants and scales", () => {
    for (let i = 0; i < 4000; i++) {
      const angle = -Math.PI + (i / 4000) * 2 * Math.PI;
      const radius = 10 ** ((i % 41) - 20);
      const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
      expect(Math.abs(angleOf(y, x) - Math.atan2(y, x))).toBeLessThan(1.5e-15);
    }
  });

  it("knows the axes and the zero vector", () => {
    expect(angleOf(0, 1)).toBe(0);
    expect(angleOf(1, 0)).toBe(Math.PI / 2);
    expect(angleOf(-1, 0)).toBe(-Math.PI / 2);
    expect(angleOf(0, -1)).toBe(Math.PI);
    expect(angleOf(0, 0)).toBe(0);
  });
});

describe("wrapAngle", () => {
  it("takes away whole turns", () => {
    expect(wrapAngle(7)).toBeCloseTo(7 - 2 * Math.PI, 14);
    expect(wrapAngle(-7)).toBeCloseTo(2 * Math.PI - 7, 14);
    expect(wrapAngle(3)).toBe(3);
  });
});

import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../../core/random.js";
import { energyActivity, frameLevels } from "./energy-activity.js";

const key = randomKey(6, "test/energy-activity");
/** Signal with one second each of noise floor, loud noise, noise floor. */
const burst = Float32Array.from(
  { length: 48_000 },
  (_, i) => (i >= 16_000 && i < 32_000 ? 0.1 : 0.001) * normalAt(key, i),
);

describe("frameLevels", () => {
  it("gives a sine of amplitude 1 -3 dB and silence -120", () => {
    const levels = frameLevels(
      Float32Array.from({ length: 1600 }, (_, i) => Math.sin((2 * Math.PI * 400 * i) / 16_000)),
    );
    expect(levels[5]).toBeCloseTo(-3.01, 1);
    expect(frameLevels(new Float32Array(1600))[5]).toBeCloseTo(-120, 6);
  });
});

describe("energyActivity", () => {
  it("marks the loud second", () => {
    const mask = energyActivity(burst);
    expect(mask.subarray(105, 195).every((m) => m === 1)).toBe(true);
    expect(mask.subarray(0, 95).some((m) => m === 1)).toBe(false);
    expect(mask.subarray(205).some((m) => m === 1)).toBe(false);
  });

  it("finds nothing in silence, and accepts the shortest signals", () => {
    expect(energyActivity(new Float32Array(16_000)).includes(1)).toBe(false);
    expect(energyActivity(new Float32Array(0))).toEqual(Uint8Array.of(0));
    expect(energyActivity(new Float32Array(1))).toHaveLength(1);
  });

  it("bridges short gaps only", () => {
    const gappy = burst.slice();
    gappy.fill(0, 20_000, 22_000);
    expect(
      energyActivity(gappy)
        .subarray(110, 190)
        .every((m) => m === 1),
    ).toBe(true);
    gappy.fill(0, 20_000, 28_000);
    expect(energyActivity(gappy).subarray(130, 170).includes(1)).toBe(false);
  });
});

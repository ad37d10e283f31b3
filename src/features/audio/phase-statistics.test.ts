import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { PHASE_BINS } from "./phase-distortion.js";
import { PhaseStatistics, type PhaseFrames } from "./phase-statistics.js";

const key = randomKey(4, "test/phase-statistics");

function framesOf(count: number, angle: (t: number, bin: number) => number, first = 0): PhaseFrames {
  const [re, im] = [new Float64Array(PHASE_BINS * count), new Float64Array(PHASE_BINS * count)];
  for (let bin = 0; bin < PHASE_BINS; bin++) {
    for (let t = 0; t < count; t++) {
      re[bin * count + t] = Math.cos(angle(first + t, bin));
      im[bin * count + t] = Math.sin(angle(first + t, bin));
    }
  }
  return { first, count, re, im };
}

function statisticsOf(
  frames: PhaseFrames,
  from: number,
  to: number,
): { means: number[]; deviations: number[] }[] {
  const rows: { means: number[]; deviations: number[] }[] = [];
  new PhaseStatistics().compute(frames, from, to, (_, means, deviations) =>
    rows.push({ means: [...means], deviations: [...deviations] }),
  );
  return rows;
}

describe("PhaseStatistics", () => {
  it("gives a constant phase distortion back as its mean, with the smallest deviation", () => {
    const [row] = statisticsOf(
      framesOf(80, () => 1.25),
      40,
      41,
    );
    for (const mean of row?.means ?? []) expect(mean).toBeCloseTo(1.25, 6);
    expect(row?.deviations[0]).toBeCloseTo(Math.log(0.001), 3);
    for (const c of row?.deviations.slice(1) ?? []) expect(Math.abs(c)).toBeLessThan(1e-3);
  });

  it("averages across the wrap at pi", () => {
    const [row] = statisticsOf(
      framesOf(80, (t) => (t % 2 === 0 ? 3 : -3)),
      40,
      41,
    );
    for (const mean of row?.means ?? []) expect(Math.abs(mean)).toBeGreaterThan(3.1);
  });

  it("measures the standard deviation of scattered phase distortion", () => {
    // Small angles around 0: the trend removes a part of the scatter, the window another 1/17.
    const deviation = (sigma: number): number => {
      const rows = statisticsOf(
        framesOf(150, (t, bin) => sigma * normalAt(key, t * PHASE_BINS + bin)),
        50,
        100,
      );
      return Math.exp(rows.reduce((sum, row) => sum + (row.deviations[0] ?? 0), 0) / rows.length);
    };
    expect(deviation(0.2)).toBeGreaterThan(0.16);
    expect(deviation(0.2)).toBeLessThan(0.22);
    expect(deviation(0.4) / deviation(0.2)).toBeCloseTo(2, 1);
  });

  it("places deviation of the high frequencies in the second coefficient", () => {
    const [row] = statisticsOf(
      framesOf(120, (t, bin) => (bin > 256 ? 1.5 : 0.05) * normalAt(key, t * PHASE_BINS + bin)),
      60,
      61,
    );
    expect(row?.deviations[1]).toBeLessThan(-1);
  });

  it("does not depend on the range of frames it is given beyond the context", () => {
    const angle = (t: number, bin: number): number => normalAt(key, t * PHASE_BINS + bin);
    const whole = statisticsOf(framesOf(200, angle), 90, 100);
    expect(statisticsOf(framesOf(58, angle, 66), 90, 100)).toEqual(whole);
  });

  it("takes a single frame", () => {
    const [row] = statisticsOf(
      framesOf(1, () => 0.5),
      0,
      1,
    );
    expect(row?.means.every(Number.isFinite)).toBe(true);
    expect(row?.deviations.every(Number.isFinite)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { expectedCalibrationError } from "./calibration-error.js";
import { confidenceBins, quantileBins } from "./reliability.js";
import { riskCoverage, riskCoveragePoints } from "./risk-coverage.js";
import { severityBins } from "./severity-bins.js";

describe("confidenceBins", () => {
  it("puts samples into bins of equal width, upper bound included, without empty bins", () => {
    const bins = confidenceBins([0.05, 0.5, 0.5001, 0.95, 1], [0, 1, 1, 0, 1], 10);
    expect(bins.map(({ samples }) => samples)).toEqual([1, 1, 1, 2]);
    expect(bins[1]).toEqual({ samples: 1, predicted: 0.5, actual: 1 });
    expect(bins[3]?.predicted).toBeCloseTo(0.975, 12);
    expect(bins[3]?.actual).toBe(0.5);
  });
  it("has the expected calibration error as its weighted gap", () => {
    const confidence = [0.6, 0.7, 0.65, 0.9, 0.8, 0.55];
    const right = [1, 0, 1, 1, 1, 0];
    const gap = confidenceBins(confidence, right, 15).reduce(
      (sum, bin) => sum + (bin.samples / 6) * Math.abs(bin.actual - bin.predicted),
      0,
    );
    expect(gap).toBeCloseTo(
      expectedCalibrationError(
        confidence.flatMap((p) => [p, 1 - p]),
        right.map((one) => 1 - one),
      ),
      12,
    );
  });
});

describe("quantileBins", () => {
  it("has bins of about equal size in the order of the prediction", () => {
    expect(quantileBins([3, 1, 2, 4, 5], [30, 10, 20, 40, 50], 2)).toEqual([
      { samples: 2, predicted: 1.5, actual: 15 },
      { samples: 3, predicted: 4, actual: 40 },
    ]);
    expect(quantileBins([1, 2], [1, 2])).toHaveLength(2);
    expect(codeOf(() => quantileBins([], []))).toBe("data.empty");
    expect(codeOf(() => quantileBins([NaN], [1]))).toBe("data.invalid-value");
  });
});

describe("riskCoveragePoints", () => {
  it("is the curve with the area that riskCoverage returns", () => {
    const [risk, uncertainty] = [
      [0.1, 0.9, 0.3, 0.5],
      [1, 4, 2, 3],
    ];
    const line = riskCoveragePoints(risk, uncertainty, 4);
    expect(line.map(({ coverage }) => coverage)).toEqual([0.25, 0.5, 0.75, 1]);
    const { area, all, certainHalf } = riskCoverage(risk, uncertainty);
    expect(line.reduce((sum, point) => sum + point.risk, 0) / 4).toBeCloseTo(area, 12);
    expect(line[1]?.risk).toBe(certainHalf);
    expect(line[3]?.risk).toBe(all);
    expect(riskCoveragePoints(risk, uncertainty, 2).map(({ coverage }) => coverage)).toEqual([0.5, 1]);
  });
});

describe("severityBins", () => {
  it("has groups of equal size along the severity of each kind", () => {
    const points = Array.from({ length: 20 }, (_, i) => ({
      kind: i % 2 === 0 ? "a" : "b",
      severity: i,
      uncertainty: 2 * i,
    }));
    const bins = severityBins(points, 2);
    expect(bins.map(({ kind, samples, severity, mean }) => [kind, samples, severity, mean])).toEqual([
      ["a", 5, 4, 8],
      ["a", 5, 14, 28],
      ["b", 5, 5, 10],
      ["b", 5, 15, 30],
    ]);
    expect(bins[0]).toMatchObject({ low: 4, high: 12 });
  });
});

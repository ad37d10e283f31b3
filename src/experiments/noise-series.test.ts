import { describe, expect, it } from "vitest";
import { parseCorruption } from "../corruption/parse-corruption.js";
import { areaWeights, featureSeries, meanOverSeries, seriesOf } from "./noise-series.js";

describe("series of rising noise", () => {
  it("have the area under a metric as its mean height: the trapezoids, by hand", () => {
    const [gaussian] = featureSeries(["text"]);
    expect(gaussian?.points.map(({ amount }) => amount)).toEqual([0, 0.5, 1, 2]);
    const weights = gaussian ? areaWeights(gaussian) : [];
    expect(weights.map(({ label }) => label)).toEqual(["clean", "gaussian:0.5", "gaussian:1", "gaussian:2"]);
    [0.125, 0.25, 0.375, 0.25].forEach((weight, i) => {
      expect(weights[i]?.weight).toBeCloseTo(weight, 12);
    });
    const heights = [0.9, 0.8, 0.7, 0.4];
    const byHand = (0.25 * (0.9 + 0.8) + 0.25 * (0.8 + 0.7) + 0.5 * (0.7 + 0.4)) / 2;
    expect(weights.reduce((sum, { weight }, i) => sum + weight * (heights[i] ?? NaN), 0)).toBeCloseTo(
      byHand,
      12,
    );
  });

  it("of features are noise on all modalities and on each alone, which evaluate understands", () => {
    const series = featureSeries(["text", "audio"]);
    expect(series).toHaveLength(6);
    for (const { points } of series)
      for (const { condition } of points.slice(1))
        expect(() => parseCorruption(condition.noise ?? "")).not.toThrow();
  });

  it("have equal weights in their mean, and the weights of shared conditions add up", () => {
    const mean = meanOverSeries(featureSeries(["text", "audio"]));
    expect(new Set(mean.map(({ label }) => label)).size).toBe(mean.length);
    expect(mean.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(mean[0]?.weight).toBeCloseTo((0.125 + 0.25 + 4 * 0.25) / 6, 12);
  });

  it("of a table's columns begin with the column without noise", () => {
    const column = (label: string, series?: string, amount = 0) => ({
      label,
      condition: { label },
      ...(series !== undefined && { series: { label: series, amount } }),
    });
    const [salt, blank] = seriesOf([
      column("clean"),
      column("salt 5", "salt", 5),
      column("blank 5", "blank", 5),
      column("salt 10", "salt", 10),
      column("other"),
    ]);
    expect(salt?.points.map(({ amount, condition }) => [amount, condition.label])).toEqual([
      [0, "clean"],
      [5, "salt 5"],
      [10, "salt 10"],
    ]);
    expect(blank?.points).toHaveLength(2);
    expect(seriesOf([column("clean"), column("other")])).toEqual([]);
  });
});

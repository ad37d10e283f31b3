import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { classificationMetrics } from "./classification.js";
import { metricDirection } from "./directions.js";
import { multiTargetMetrics } from "./multi-target.js";
import { averageRanks, spearman, spearmanCeiling } from "./rank.js";
import { meanAbsoluteError, pearson } from "./regression.js";
import { riskCoverage } from "./risk-coverage.js";
import { roundHalfToEven } from "./rounding.js";
import { authorsMetrics, sentimentMetrics, simsMetrics } from "./sentiment.js";

interface Values {
  readonly [name: string]: number | null;
}
interface Fixture {
  readonly rounding: { readonly x: number[]; readonly rounded: number[] };
  readonly regression: readonly {
    readonly name: string;
    readonly prediction: number[];
    readonly truth: number[];
    readonly values: Values;
  }[];
  readonly classification: readonly {
    readonly name: string;
    readonly classes: number;
    readonly prediction: number[];
    readonly truth: number[];
    readonly values: Values;
  }[];
  readonly rank: readonly {
    readonly name: string;
    readonly a: number[];
    readonly b: number[];
    readonly ranks: number[];
    readonly rho: number | null;
  }[];
  readonly multi: {
    readonly prediction: number[];
    readonly truth: number[];
    readonly MAE: number[];
    readonly Corr: (number | null)[];
  };
}

const fixture = JSON.parse(
  readFileSync(new URL("../../test/fixtures/metrics.json", import.meta.url), "utf8"),
) as Fixture;

function expectValues(got: Values, expected: Values): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    if (value === null) expect(got[name], name).toBeNull();
    else expect(got[name], name).toBeCloseTo(value, 12);
  }
}

describe("against numpy, scipy and scikit-learn", () => {
  it.each(fixture.regression)("sentiment conventions: $name", ({ prediction, truth, values }) => {
    const reports = [
      sentimentMetrics(prediction, truth),
      authorsMetrics(prediction, truth),
      simsMetrics(prediction, truth),
    ];
    expectValues(Object.assign({}, ...reports.map((report) => report.values)) as Values, values);
    const nulls = Object.values(values).filter((value) => value === null).length;
    expect(reports.flatMap((report) => report.warnings)).toHaveLength(nulls);
  });

  it.each(fixture.classification)("classes: $name", ({ prediction, truth, classes, values }) => {
    expectValues(classificationMetrics(prediction, truth, classes).values, values);
  });

  it.each(fixture.rank)("ranks: $name", ({ a, b, ranks, rho }) => {
    expect([...averageRanks(a)]).toEqual(ranks);
    if (rho === null) expect(spearman(a, b)).toBeNull();
    else expect(spearman(a, b)).toBeCloseTo(rho, 12);
  });

  it("spearmanCeiling: the largest correlation with labels that have ties, averaged over ties", () => {
    const truth = [0, 0, 0, 0.3, 0.3, 0.9];
    expect(spearmanCeiling(truth)).toBeCloseTo(spearman(truth, [1, 2, 3, 4, 5, 6]) ?? NaN, 12);
    expect(spearmanCeiling(truth)).toBeCloseTo(spearman(truth, [3, 1, 2, 5, 4, 6]) ?? NaN, 12);
    expect(spearmanCeiling([3, 1, 2])).toBe(1);
    expect(spearmanCeiling([1, 1, 1])).toBeNull();
    expect(spearmanCeiling([1])).toBeNull();
    expect(spearmanCeiling([])).toBeNull();
  });

  it("rounds halves to the even neighbour", () => {
    expect(fixture.rounding.x.map(roundHalfToEven).map((x) => x + 0)).toEqual(
      fixture.rounding.rounded.map((x) => x + 0),
    );
  });

  it("averages targets, leaving out undefined correlations", () => {
    const { prediction, truth, MAE, Corr } = fixture.multi;
    const { values, warnings } = multiTargetMetrics(prediction, truth, ["a", "b", "c"]);
    expect(values["MAE"]).toBeCloseTo(MAE.reduce((s, v) => s + v, 0) / 3, 12);
    expect(values["Corr"]).toBeCloseTo(((Corr[0] ?? NaN) + (Corr[1] ?? NaN)) / 2, 12);
    expect(values["MAE/b"]).toBeCloseTo(MAE[1] ?? NaN, 12);
    expect(values["Corr/c"]).toBeNull();
    expect(warnings).toHaveLength(1);
  });
});

describe("bad input", () => {
  it("refuses predictions that are not finite", () => {
    expect(() => sentimentMetrics([1, NaN], [1, 2])).toThrow(/prediction of sample 1 is NaN/);
    expect(() => pearson([1, Infinity], [1, 2])).toThrow(/sample 1/);
    expect(() => meanAbsoluteError([1, 2], [1, -Infinity])).toThrow(/label of sample 1/);
  });

  it("refuses empty input, unequal lengths and classes out of range", () => {
    expect(() => sentimentMetrics([], [])).toThrow(/no samples/);
    expect(() => meanAbsoluteError([1], [1, 2])).toThrow(/1 predictions for 2 labels/);
    expect(() => classificationMetrics([3], [0], 3)).toThrow(/class 3, expected an integer in 0..2/);
    expect(() => classificationMetrics([NaN], [0], 3)).toThrow(/class NaN/);
  });
});

describe("risk-coverage", () => {
  it("keeps the most certain half", () => {
    const curve = riskCoverage([4, 1, 3, 2], [0.9, 0.1, 0.5, 0.2]);
    expect(curve.all).toBe(2.5);
    expect(curve.certainHalf).toBe(1.5);
    expect(curve.area).toBeCloseTo((1 + 1.5 + 2 + 2.5) / 4, 12);
  });

  it("does not depend on the order of equally certain samples", () => {
    const forward = riskCoverage([1, 2, 3, 9, 5], [0, 1, 1, 1, 2]);
    const backward = riskCoverage([5, 9, 3, 2, 1], [2, 1, 1, 1, 0]);
    expect(forward.certainHalf).toBeCloseTo(backward.certainHalf, 12);
    expect(forward.area).toBeCloseTo(backward.area, 12);
  });

  it("equals the overall mean everywhere when all are equally certain", () => {
    const curve = riskCoverage([1, 2, 3], [7, 7, 7]);
    expect(curve).toEqual({ all: 2, certainHalf: 2, area: 2 });
  });
});

it("knows which way every metric gets better", () => {
  const names = [
    ...Object.keys(fixture.regression[0]?.values ?? {}),
    "Accuracy",
    "Weighted_F1",
    "Macro_F1",
    "Corr/a",
  ];
  expect(names.filter((name) => metricDirection(name) === undefined)).toEqual([]);
  expect(metricDirection("Authors_MAE")).toBe("lower");
  expect(metricDirection("MAE/joy")).toBe("lower");
  expect(metricDirection("Non0_acc_2")).toBe("higher");
  expect(metricDirection("acc")).toBeUndefined();
});

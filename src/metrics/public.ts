import {
  checkedCall,
  COUNT,
  LIST,
  must,
  NUMBER,
  NUMBERS,
  objectOf,
  optional,
  optionsOf,
  rules,
  TEXT,
  TEXTS,
} from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";
import * as area from "./auilc.js";
import * as calibration from "./calibration-error.js";
import * as classes from "./classification.js";
import * as conformal from "./conformal.js";
import * as directions from "./directions.js";
import * as agreement from "./krippendorff.js";
import * as targets from "./multi-target.js";
import * as neighbours from "./neighbour-agreement.js";
import * as rank from "./rank.js";
import * as regression from "./regression.js";
import * as reliability from "./reliability.js";
import * as coverage from "./risk-coverage.js";
import * as rounding from "./rounding.js";
import * as sentiment from "./sentiment.js";
import * as severity from "./severity-bins.js";
import * as places from "./tsne.js";

// Functions of `euar/metrics`, with checks of their arguments.

const PAIRS = [NUMBERS, NUMBERS] as const;
const TABLE = objectOf("the result of confusion", {
  classes: rules.count,
  counts: rules.numbers,
  samples: rules.whole,
});
const POINTS = must({
  expected: "a Float32Array or Float64Array",
  holds: (value) => value instanceof Float32Array || value instanceof Float64Array,
});
const SEVERITIES = must({
  expected: "a list of points with kind, severity and uncertainty",
  holds: (value) => Array.isArray(value) && value.every(isSeverityPoint),
});
const UNITS = must({
  expected: "a list of lists of labels",
  holds: (value) => Array.isArray(value) && value.every(isListOfLabels),
});
const LEVEL = must({
  expected: '"nominal" or "interval"',
  holds: (value) => value === "nominal" || value === "interval",
});

export const auilc: typeof area.auilc = checkedCall("auilc", area.auilc, PAIRS);
export const expectedCalibrationError: typeof calibration.expectedCalibrationError = checkedCall(
  "expectedCalibrationError",
  calibration.expectedCalibrationError,
  [...PAIRS, optional(COUNT)],
  (probabilities, labels) => {
    if (!Array.from(probabilities).every(Number.isFinite)) return "a probability is not a finite number";
    const classes = probabilities.length / labels.length;
    return labels.length === 0 || (classes >= 1 && Number.isInteger(classes))
      ? undefined
      : `${probabilities.length} probabilities are not the same number for each of ${labels.length} labels`;
  },
);
export const classScore: typeof conformal.classScore = checkedCall(
  "classScore",
  conformal.classScore,
  [NUMBERS, NUMBER],
  (probabilities, label) =>
    Object.hasOwn(probabilities, label)
      ? undefined
      : `there is no class ${label} among ${probabilities.length}`,
);
export const classSet: typeof conformal.classSet = checkedCall("classSet", conformal.classSet, [
  NUMBERS,
  NUMBER,
]);
export const conformalQuantile: typeof conformal.conformalQuantile = checkedCall(
  "conformalQuantile",
  conformal.conformalQuantile,
  [NUMBERS, NUMBER],
);
export const accuracy: typeof classes.accuracy = checkedCall("accuracy", classes.accuracy, [TABLE], misfit);
export const macroF1: typeof classes.macroF1 = checkedCall("macroF1", classes.macroF1, [TABLE], misfit);
export const weightedF1: typeof classes.weightedF1 = checkedCall(
  "weightedF1",
  classes.weightedF1,
  [TABLE],
  misfit,
);
export const confusion: typeof classes.confusion = checkedCall("confusion", classes.confusion, [
  ...PAIRS,
  COUNT,
]);
export const classificationMetrics: typeof classes.classificationMetrics = checkedCall(
  "classificationMetrics",
  classes.classificationMetrics,
  [...PAIRS, COUNT],
);
export const krippendorffAlpha: typeof agreement.krippendorffAlpha = checkedCall(
  "krippendorffAlpha",
  agreement.krippendorffAlpha,
  [UNITS, LEVEL],
);
export const metricDirection: typeof directions.metricDirection = checkedCall(
  "metricDirection",
  directions.metricDirection,
  [TEXT],
);
export const multiTargetMetrics: typeof targets.multiTargetMetrics = checkedCall(
  "multiTargetMetrics",
  targets.multiTargetMetrics,
  [...PAIRS, TEXTS],
);
export const neighbourAgreement: typeof neighbours.neighbourAgreement = checkedCall(
  "neighbourAgreement",
  neighbours.neighbourAgreement,
  [NUMBERS, COUNT, LIST, optional(COUNT)],
  (points, width, groups) =>
    points.length === groups.length * width
      ? undefined
      : `${points.length} values are not ${groups.length} points of ${width}`,
);
export const spearman: typeof rank.spearman = checkedCall("spearman", rank.spearman, PAIRS);
export const meanAbsoluteError: typeof regression.meanAbsoluteError = checkedCall(
  "meanAbsoluteError",
  regression.meanAbsoluteError,
  PAIRS,
);
export const pearson: typeof regression.pearson = checkedCall("pearson", regression.pearson, PAIRS);
export const confidenceBins: typeof reliability.confidenceBins = checkedCall(
  "confidenceBins",
  reliability.confidenceBins,
  [...PAIRS, optional(COUNT)],
);
export const quantileBins: typeof reliability.quantileBins = checkedCall(
  "quantileBins",
  reliability.quantileBins,
  [...PAIRS, optional(COUNT)],
);
export const riskCoverage: typeof coverage.riskCoverage = checkedCall(
  "riskCoverage",
  coverage.riskCoverage,
  PAIRS,
);
export const riskCoveragePoints: typeof coverage.riskCoveragePoints = checkedCall(
  "riskCoveragePoints",
  coverage.riskCoveragePoints,
  [...PAIRS, optional(COUNT)],
);
export const roundHalfToEven: typeof rounding.roundHalfToEven = checkedCall(
  "roundHalfToEven",
  rounding.roundHalfToEven,
  [NUMBER],
);
export const severityBins: typeof severity.severityBins = checkedCall("severityBins", severity.severityBins, [
  SEVERITIES,
  optional(COUNT),
]);
export const authorsMetrics: typeof sentiment.authorsMetrics = checkedCall(
  "authorsMetrics",
  sentiment.authorsMetrics,
  [...PAIRS, optional(NUMBER)],
);
export const sentimentMetrics: typeof sentiment.sentimentMetrics = checkedCall(
  "sentimentMetrics",
  sentiment.sentimentMetrics,
  [...PAIRS, optional(NUMBER)],
);
export const simsMetrics: typeof sentiment.simsMetrics = checkedCall(
  "simsMetrics",
  sentiment.simsMetrics,
  PAIRS,
);
export const tsne: typeof places.tsne = checkedCall(
  "tsne",
  places.tsne,
  [
    POINTS,
    COUNT,
    optional(optionsOf({ perplexity: rules.number, iterations: rules.whole, seed: rules.whole })),
  ],
  (points, width) =>
    points.length % width === 0 ? undefined : `${points.length} values are not whole points of ${width}`,
);

/** Describes a table of confusion whose counts are not those of its classes. */
function misfit({ classes: count, counts }: classes.Confusion): string | undefined {
  return counts.length === count * count
    ? undefined
    : `there are ${counts.length} counts, and ${count} classes need ${count * count}`;
}

function isListOfLabels(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => rules.text.holds(one) || rules.number.holds(one));
}

function isSeverityPoint(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, severity: level, uncertainty } = value;
  return rules.text.holds(kind) && rules.number.holds(level) && rules.number.holds(uncertainty);
}

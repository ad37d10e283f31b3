/** `euar/metrics`: the metrics of the field as pure functions, named by convention. Runs in the browser. */
export { auilc, type LineArea } from "./metrics/auilc.js";
export { expectedCalibrationError } from "./metrics/calibration-error.js";
export { classScore, classSet, conformalQuantile } from "./metrics/conformal.js";
export {
  accuracy,
  classificationMetrics,
  type Confusion,
  confusion,
  macroF1,
  weightedF1,
} from "./metrics/classification.js";
export { metricDirection } from "./metrics/directions.js";
export type { MetricReport } from "./metrics/metric-report.js";
export { multiTargetMetrics } from "./metrics/multi-target.js";
export { neighbourAgreement } from "./metrics/neighbour-agreement.js";
export { spearman } from "./metrics/rank.js";
export { meanAbsoluteError, pearson } from "./metrics/regression.js";
export { confidenceBins, quantileBins, type ReliabilityBin } from "./metrics/reliability.js";
export {
  type RiskCoverage,
  riskCoverage,
  type RiskCoveragePoint,
  riskCoveragePoints,
} from "./metrics/risk-coverage.js";
export { roundHalfToEven } from "./metrics/rounding.js";
export { severityBins, type SeverityBin, type SeverityPoint } from "./metrics/severity-bins.js";
export { authorsMetrics, sentimentMetrics, simsMetrics } from "./metrics/sentiment.js";
export { tsne, type TsneOptions } from "./metrics/tsne.js";

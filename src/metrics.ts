/** `euar/metrics`: the metrics of the field as pure functions, named by convention. Runs in the browser. */
export {
  accuracy,
  auilc,
  authorsMetrics,
  classificationMetrics,
  classScore,
  classSet,
  confidenceBins,
  conformalQuantile,
  confusion,
  expectedCalibrationError,
  krippendorffAlpha,
  macroF1,
  meanAbsoluteError,
  metricDirection,
  multiTargetMetrics,
  neighbourAgreement,
  pearson,
  quantileBins,
  riskCoverage,
  riskCoveragePoints,
  roundHalfToEven,
  sentimentMetrics,
  severityBins,
  simsMetrics,
  spearman,
  tsne,
  weightedF1,
} from "./metrics/public.js";
export type { LineArea } from "./metrics/auilc.js";
export type { Confusion } from "./metrics/classification.js";
export type { AgreementLevel } from "./metrics/krippendorff.js";
export type { MetricReport } from "./metrics/metric-report.js";
export type { ReliabilityBin } from "./metrics/reliability.js";
export type { RiskCoverage, RiskCoveragePoint } from "./metrics/risk-coverage.js";
export type { SeverityBin, SeverityPoint } from "./metrics/severity-bins.js";
export type { TsneOptions } from "./metrics/tsne.js";

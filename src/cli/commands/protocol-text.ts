import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import type { ConditionResult, ProtocolResult } from "../../evaluate/evaluate-protocol.js";
import type { Style } from "../io.js";

/** Metrics that the terminal shows if the task has them. --json has every metric. */
const PRINTED = [
  "Has0_acc_2",
  "Non0_acc_2",
  "Non0_F1_score",
  "Mult_acc_7",
  "SIMS_acc_2",
  "SIMS_F1_score",
  "MAE",
  "Corr",
  "Accuracy",
  "Weighted_F1",
  "Macro_F1",
];

/**
 * Formats a protocol's result for the terminal: metrics by condition, their summary, and mean uncertainties.
 */
export function protocolText(result: ProtocolResult, style: Style): string {
  return [metricsTable(result, style), ...uncertaintyTable(result, style)].join("\n\n");
}

function metricsTable({ protocol, model, split, conditions, summary }: ProtocolResult, style: Style): string {
  const names = PRINTED.filter((name) => conditions.some(({ metrics }) => name in metrics));
  const samples = String(conditions[0]?.samples ?? 0);
  return textTable(
    {
      caption:
        `${model} on ${samples} samples of ${split}, protocol ${protocol.name}, seed ` +
        `${protocol.seed}${protocol.models === "retrain" ? ", one model per condition" : ""}`,
      columns: [{ heading: "condition" }, ...names.map((heading) => ({ heading, numeric: true }))],
      rows: [
        ...conditions.map(({ name, metrics }) => [name, ...names.map((metric) => fixed(metrics[metric]))]),
        [
          summary.kind === "auilc" ? "AUILC" : "mean",
          ...names.map((metric) => fixed(summary.metrics[metric])),
        ],
      ],
    },
    style.bold,
  );
}

function uncertaintyTable({ conditions }: ProtocolResult, style: Style): string[] {
  const names = [...new Set(conditions.flatMap(({ uncertainty }) => Object.keys(uncertainty)))];
  const mean = ({ uncertainty }: ConditionResult, name: string): number | null =>
    uncertainty[name]?.mean ?? null;
  if (!conditions.some((condition) => names.some((name) => mean(condition, name) !== null))) return [];
  const table = textTable(
    {
      caption: "Mean predicted uncertainty of each modality, over the samples that have it",
      columns: [{ heading: "condition" }, ...names.map((heading) => ({ heading, numeric: true }))],
      rows: conditions.map((condition) => [
        condition.name,
        ...names.map((name) => fixed(mean(condition, name))),
      ]),
    },
    style.bold,
  );
  return [table];
}

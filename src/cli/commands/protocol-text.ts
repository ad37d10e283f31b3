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
  return [
    metricsTable(result, style),
    ...equityTable(result, style),
    ...uncertaintyTable(result, style),
  ].join("\n\n");
}

function metricsTable({ protocol, model, split, conditions, summary }: ProtocolResult, style: Style): string {
  const names = PRINTED.filter((name) => conditions.some(({ metrics }) => name in metrics));
  const groups = summary.kind === "mean" ? summary.groups : undefined;
  const samples = String(conditions[0]?.samples ?? 0);
  return textTable(
    {
      caption:
        `${model} on ${samples} samples of ${split}, protocol ${protocol.name}, seed ` +
        `${protocol.seed}${protocol.models === "retrain" ? ", one model per condition" : ""}`,
      columns: [{ heading: "condition" }, ...names.map((heading) => ({ heading, numeric: true }))],
      rows: [
        ...conditions.map(({ name, metrics }) => [name, ...names.map((metric) => fixed(metrics[metric]))]),
        ...Object.entries(groups ?? {}).map(([group, metrics]) => [
          `mean, ${group}`,
          ...names.map((metric) => fixed(metrics[metric])),
        ]),
        [
          summary.kind === "auilc" ? "AUILC" : "mean",
          ...names.map((metric) => fixed(summary.metrics[metric])),
        ],
      ],
    },
    style.bold,
  );
}

function equityTable({ equity, conditions }: ProtocolResult, style: Style): string[] {
  const names = PRINTED.filter((name) => equity !== null && name in equity);
  if (equity === null || names.length === 0) return [];
  const modalities = [...new Set(conditions.flatMap(({ available }) => available))];
  return [
    textTable(
      {
        caption:
          "Contribution of each modality: improvement of the metric by adding it, mean over the subsets " +
          "without it; and their equity from 0 (one contributes) to 1 (all equally)",
        columns: [{ heading: "modality" }, ...names.map((heading) => ({ heading, numeric: true }))],
        rows: [
          ...modalities.map((modality) => [
            modality,
            ...names.map((name) => fixed(equity[name]?.contributions[modality])),
          ]),
          ["equity", ...names.map((name) => fixed(equity[name]?.index))],
        ],
      },
      style.bold,
    ),
  ];
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

import type { Table } from "../../report/html.js";
import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import type { TrainResult } from "../../runs/results.js";
import { LAST } from "../../train/selection.js";
import type { Style } from "../io.js";
import { formatDuration } from "../progress.js";
import type { SeedsCoverage, SeedsSummary } from "./seeds-summary.js";

/** Formats a finished run for the terminal. */
export function trainText(run: TrainResult, style: Style): string {
  const { config, metrics, bestEpoch, history, folder, hash, seconds, stoppedEarly } = run;
  const names = Object.keys(metrics.test);
  const table: Table = {
    caption:
      `${config.model.name} on ${config.data.name} ` +
      `(${config.data.modalities.map((modality) => modality.name).join(", ")}), seed ${config.train.seed}`,
    columns: [{ heading: "metric" }, { heading: "valid", numeric: true }, { heading: "test", numeric: true }],
    rows: names.map((name) => [name, fixed(metrics.valid[name]), fixed(metrics.test[name])]),
  };
  return [
    textTable(table, style.bold),
    "",
    `epoch ${bestEpoch} of ${history.length}${stoppedEarly ? " (stopped early)" : ""}, ` +
      (config.train.selectBy === LAST ? "the last one" : `chosen on validation by ${config.train.selectBy}`) +
      `; ${formatDuration(seconds)}`,
    ...coverageLine(run),
    `run folder ${folder ?? "none"}, configuration ${hash.slice(0, 12)}`,
  ].join("\n");
}

function coverageLine({ coverage, config }: TrainResult): string[] {
  if (typeof coverage?.coverage !== "number") return [];
  const classes = config.data.task.kind === "classification";
  const size = classes ? `${fixed(coverage.meanSize)} classes` : `width ${fixed(coverage.meanSize)}`;
  return [
    `coverage of ${classes ? "sets of classes" : "prediction intervals"} on the test split ` +
      `${fixed(coverage.coverage)} (nominal ${fixed(coverage.level, 2)}); mean ${size}`,
  ];
}

/** Formats the summary of several seeds for the terminal. */
export function seedsText(summary: SeedsSummary, out: string, style: Style): string {
  const { seeds, metrics, deviations, seconds } = summary;
  const cell = (split: "valid" | "test", name: string): string =>
    `${fixed(metrics[split][name])} +- ${fixed(deviations[split][name])}`;
  const table: Table = {
    caption: `Mean and standard deviation over the seeds ${seeds.join(", ")}`,
    columns: [{ heading: "metric" }, { heading: "valid", numeric: true }, { heading: "test", numeric: true }],
    rows: Object.keys(metrics.test).map((name) => [name, cell("valid", name), cell("test", name)]),
  };
  return [
    textTable(table, style.bold),
    "",
    ...seedsCoverageLines(summary),
    `${formatDuration(seconds)}; run folders ${out}/seed-${seeds.join(`, ${out}/seed-`)}`,
  ].join("\n");
}

function seedsCoverageLines({ coverage }: SeedsSummary): string[] {
  if (!coverage) return [];
  const shown = ({ mean, deviation }: SeedsCoverage["coverage"]): string =>
    `${fixed(mean)} +- ${fixed(deviation)}`;
  const size =
    coverage.of === "intervals" ? `width ${shown(coverage.meanSize)}` : `${shown(coverage.meanSize)} classes`;
  return [
    `coverage of ${coverage.of} on the test split ${shown(coverage.coverage)} (nominal ` +
      `${fixed(coverage.level, 2)}); mean ${size}`,
    ...(coverage.byUncertainty
      ? [
          "coverage by thirds, from the least to the most uncertain: " +
            coverage.byUncertainty.map(shown).join(", "),
        ]
      : []),
  ];
}

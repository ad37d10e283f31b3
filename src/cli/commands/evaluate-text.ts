import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import type { EvaluationResult, SeverityAgreement } from "../../runs/results.js";
import type { Style } from "../io.js";

/**
 * Formats an evaluation for the terminal.
 * @param noise corruptions applied to the features, as specified
 */
export function evaluationText(result: EvaluationResult, noise: readonly string[], style: Style): string {
  return [
    metricsTable(result, noise, style),
    uncertaintyTable(result, style),
    ...severityTable(result, style),
    ...selectiveLine(result),
    ...routingTable(result, style),
    ...coverageTable(result, style),
  ].join("\n\n");
}

function metricsTable(
  { config, split, samples, available, metrics }: EvaluationResult,
  noise: readonly string[],
  style: Style,
): string {
  return textTable(
    {
      caption:
        `${config.model.name} on ${samples} samples of ${split}; available: ${available.join(", ")}; ` +
        `noise: ${noise.length === 0 ? "none" : noise.join(", ")}`,
      columns: [{ heading: "metric" }, { heading: "value", numeric: true }],
      rows: Object.entries(metrics).map(([name, value]) => [name, fixed(value)]),
    },
    style.bold,
  );
}

function uncertaintyTable({ uncertainty }: EvaluationResult, style: Style): string {
  return textTable(
    {
      caption: "Predicted uncertainty per modality: mean and quantiles, and the mean share of the prediction",
      columns: [
        { heading: "modality" },
        ...["samples", "mean", "10%", "50%", "90%", "share"].map((heading) => ({ heading, numeric: true })),
      ],
      rows: Object.entries(uncertainty).map(([name, { samples, mean, quantiles, contribution }]) => [
        name,
        String(samples),
        ...[mean, ...quantiles, contribution].map((value) => fixed(value)),
      ]),
    },
    style.bold,
  );
}

function severityTable({ uncertainty }: EvaluationResult, style: Style): string[] {
  const known = Object.entries(uncertainty).flatMap(([name, { severity }]) =>
    severity ? [{ name, severity }] : [],
  );
  if (known.length === 0) return [];
  const kinds = [...new Set(known.flatMap(({ severity }) => Object.keys(severity.byKind)))].sort();
  const table = textTable(
    {
      caption:
        "Spearman correlation of predicted uncertainty with true severity, per corruption kind: " +
        "corrupted and clean samples together, and in brackets the corrupted ones " +
        `alone${ceilingNote(known[0]?.severity)}`,
      columns: [{ heading: "modality" }, ...[...kinds, "all"].map((heading) => ({ heading, numeric: true }))],
      rows: known.map(({ name, severity }) => [
        name,
        ...kinds.map(
          (kind) => `${fixed(severity.byKind[kind]?.rho, 2)} (${fixed(severity.byKind[kind]?.within, 2)})`,
        ),
        fixed(severity.all, 2),
      ]),
    },
    style.bold,
  );
  return [table];
}

/** Explains the largest possible correlation: clean samples all have severity 0, and tied ranks limit it. */
function ceilingNote(severity: SeverityAgreement | undefined): string {
  const first = Object.values(severity?.byKind ?? {})[0];
  return severity?.ceiling && first?.ceiling
    ? "; clean samples are tied at severity 0, which limits the correlation to about " +
        `${fixed(first.ceiling, 2)} per kind and ${fixed(severity.ceiling, 2)} overall`
    : "";
}

function selectiveLine({ selective }: EvaluationResult): string[] {
  if (!selective) return [];
  const name = selective.risk === "absolute-error" ? "MAE" : "error rate";
  return [
    `${name} of the most certain half ${fixed(selective.certainHalf)}, of all samples ` +
      fixed(selective.all),
  ];
}

function routingTable({ routing }: EvaluationResult, style: Style): string[] {
  if (!routing) return [];
  const known = Object.values(routing).some(({ information }) => information !== undefined);
  const table = textTable(
    {
      caption:
        "Experts per modality: largest and smallest share of the gate weights, number of unused " +
        `experts${known ? ", and mutual information between expert and corruption kind (bits)" : ""}`,
      columns: [
        { heading: "modality" },
        ...["largest", "smallest", "unused", ...(known ? ["bits"] : [])].map((heading) => ({
          heading,
          numeric: true,
        })),
      ],
      rows: Object.entries(routing).map(([name, { load, unused, information }]) => [
        name,
        fixed(Math.max(...load)),
        fixed(Math.min(...load)),
        String(unused),
        ...(known ? [fixed(information)] : []),
      ]),
    },
    style.bold,
  );
  return [table];
}

/** Formats the coverage of prediction intervals, for all samples and for thirds by uncertainty. */
function coverageTable({ coverage, config }: EvaluationResult, style: Style): string[] {
  if (!coverage) return [];
  const size = config.data.task.kind === "classification" ? "classes" : "width";
  const thirds = (coverage.byUncertainty ?? []).map(
    (third, i) =>
      [["least uncertain third", "middle third", "most uncertain third"][i] ?? "", third] as const,
  );
  const targets = Object.entries(coverage.byTarget ?? {});
  const table = textTable(
    {
      caption:
        `Coverage and mean ${size === "width" ? "width" : "number of classes"} of ` +
        `${size === "width" ? "prediction intervals" : "sets of classes"} at the nominal level ` +
        fixed(coverage.level, 2),
      columns: [
        { heading: "samples" },
        { heading: "share inside", numeric: true },
        { heading: size, numeric: true },
      ],
      rows: [["all", coverage] as const, ...thirds, ...targets].map(([name, part]) => [
        name,
        fixed(part.coverage),
        fixed(part.meanSize),
      ]),
    },
    style.bold,
  );
  const { calibrationError } = coverage;
  if (!calibrationError) return [table];
  return [
    table,
    `expected calibration error ${fixed(calibrationError.before)}; with the temperature ` +
      `${fixed(calibrationError.temperature)} fitted on the validation split ` +
      fixed(calibrationError.after),
  ];
}

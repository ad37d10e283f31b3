import type { Metrics } from "../runs/results.js";
import type { DemoCondition, DemoResults } from "./demo-results.js";
import type { Column, Table } from "./html.js";
import { fixed } from "./numbers.js";

const headline = ["Non0_acc_2", "Non0_F1_score", "Mult_acc_7", "MAE", "Corr"] as const;
const smallerIsBetter = new Set(["MAE"]);

/** The demo's tables, for the terminal and the page alike. */
export function demoTables(results: DemoResults): {
  models: Table;
  subsets: Table;
  noise: Table;
  uncertainty: Table;
} {
  const labels = results.models.map((model) => model.label);
  return {
    models: modelTable(results),
    subsets: conditionTable(
      "The seven subsets of modalities: one trained model each, test split.",
      "available",
      results.subsets,
      labels,
    ),
    noise: conditionTable(
      "All modalities, with Gaussian noise added to every feature of the test split.",
      "noise",
      results.noise,
      labels,
    ),
    uncertainty: uncertaintyTable(results),
  };
}

function modelTable({ models }: DemoResults): Table {
  const rows = models.map((model) => [
    model.label,
    ...headline.map((name) => fixed(model.test[name])),
    String(model.parameters),
    String(model.bestEpoch),
  ]);
  return {
    caption:
      "Test split as it comes (it holds corrupted samples). Each model's epoch was chosen on validation, nothing on the test split.",
    columns: [{ heading: "model" }, ...headline.map(numeric), numeric("parameters"), numeric("epoch")],
    rows,
    best: bestCells(rows.length, headline, (r, name) => models[r]?.test[name] ?? null, 1),
  };
}

function conditionTable(
  caption: string,
  first: string,
  conditions: readonly DemoCondition[],
  labels: readonly string[],
): Table {
  const shown = ["Non0_acc_2", "MAE"] as const;
  const columns: Column[] = [
    { heading: first },
    ...shown.flatMap((name) => labels.map((label) => numeric(`${name} ${label}`))),
  ];
  const value = (condition: DemoCondition, label: string, name: string): number | null =>
    condition.results[label]?.[name] ?? null;
  const rows = conditions.map((condition) => [
    condition.label,
    ...shown.flatMap((name) => labels.map((label) => fixed(value(condition, label, name)))),
  ]);
  const best = new Set<string>();
  conditions.forEach((condition, r) => {
    shown.forEach((name, n) => {
      const winners = winnersOf(
        labels.map((label) => value(condition, label, name)),
        name,
      );
      for (const w of winners) best.add(`${r},${1 + n * labels.length + w}`);
    });
  });
  return { caption, columns, rows, best };
}

function uncertaintyTable({ uncertainty }: DemoResults): Table {
  const kinds = [...new Set(uncertainty.flatMap((entry) => Object.keys(entry.agreement.byKind)))].sort();
  return {
    caption:
      "Does it know? Spearman correlation of EUAR's predicted uncertainty with the true severity, per corruption kind (samples of that kind and clean ones).",
    columns: [{ heading: "modality" }, ...kinds.map(numeric), numeric("all")],
    rows: uncertainty.map(({ modality, agreement }) => [
      modality,
      ...kinds.map((kind) => fixed(agreement.byKind[kind]?.rho, 2)),
      fixed(agreement.all, 2),
    ]),
  };
}

function numeric(heading: string): Column {
  return { heading, numeric: true };
}

/** The indices of the best values as they are printed: what looks equal is equally best. */
function winnersOf(values: readonly (number | null)[], name: string): number[] {
  const printed = values.map((value) => (value === null ? null : Number(fixed(value))));
  const known = printed.filter((value) => value !== null);
  if (known.length < 2) return [];
  const top = smallerIsBetter.has(name) ? Math.min(...known) : Math.max(...known);
  return printed.flatMap((value, i) => (value === top ? [i] : []));
}

function bestCells(
  rows: number,
  names: readonly string[],
  value: (row: number, name: string) => number | null,
  firstColumn: number,
): Set<string> {
  const best = new Set<string>();
  names.forEach((name, c) => {
    for (const r of winnersOf(
      Array.from({ length: rows }, (_, row) => value(row, name)),
      name,
    ))
      best.add(`${r},${firstColumn + c}`);
  });
  return best;
}

/** What the numbers say, in words, whichever way they fell. */
export function demoRemarks(results: DemoResults): string[] {
  const [euar, linear, single] = results.models;
  return [
    compare(euar.label, euar.test, linear.label, linear.test),
    compare(euar.label, euar.test, single.label, single.test),
    uncertaintyRemark(results),
    ...selectiveRemark(results),
    "One seed on one generated data set: a demonstration, not a result. The tables of docs/results.md have five seeds and real data.",
  ];
}

function compare(a: string, first: Metrics, b: string, second: Metrics): string {
  const accuracy = difference(first.Non0_acc_2, second.Non0_acc_2);
  const error = difference(second.MAE, first.MAE);
  if (accuracy === null || error === null) return `${a} and ${b} cannot be compared: a metric is undefined.`;
  const numbers = `Non0_acc_2 ${fixed(first.Non0_acc_2)} against ${fixed(second.Non0_acc_2)}, MAE ${fixed(first.MAE)} against ${fixed(second.MAE)}`;
  if (accuracy > 0 && error > 0) return `${a} beats ${b} on both: ${numbers}.`;
  if (accuracy < 0 && error < 0)
    return `${a} loses to ${b} on both: ${numbers}. Its extra parameters have not paid here.`;
  return `${a} and ${b} split the honours: ${numbers}.`;
}

function difference(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === "number" && typeof b === "number" ? Number(fixed(a)) - Number(fixed(b)) : null;
}

function uncertaintyRemark({ uncertainty }: DemoResults): string {
  const known = uncertainty.flatMap((entry) =>
    entry.agreement.all === null ? [] : [{ name: entry.modality, rho: entry.agreement.all }],
  );
  const list = known.map(({ name, rho }) => `${name} ${fixed(rho, 2)}`).join(", ");
  if (known.length === 0) return "The correlation of predicted uncertainty and severity is undefined here.";
  const strongest = Math.max(...known.map(({ rho }) => rho));
  if (strongest < 0.3)
    return `Over all corruptions the predicted uncertainty hardly follows the severity (Spearman ${list}): with these losses it should not be trusted as a sensor of bad input.`;
  return `Over all corruptions the predicted uncertainty follows the severity with Spearman ${list} (1 would be perfect, 0 is chance).`;
}

function selectiveRemark({ selective }: DemoResults): string[] {
  if (!selective) return [];
  const { all, certainHalf } = selective;
  const verdict =
    certainHalf < all
      ? "lower, as it should be"
      : "not lower, so the uncertainty does not pick out the better predictions";
  return [
    `The mean absolute error of the most certain half of the predictions is ${fixed(certainHalf)}, that of all is ${fixed(all)}: ${verdict}.`,
  ];
}

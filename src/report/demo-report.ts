import type { EpochRecord } from "../runs/results.js";
import {
  colours,
  conditionChart,
  type ConditionPoint,
  type CurvePoint,
  severityChart,
  trainingCurves,
} from "./charts.js";
import type { DemoModel, DemoResults, DemoUncertainty } from "./demo-results.js";
import { demoRemarks, demoTables } from "./demo-tables.js";
import { figure, heading, type Html, page, paragraph, table } from "./html.js";
import { fixed } from "./numbers.js";
import { standaloneSvg } from "./standalone.js";

const modelColours = [colours.blue, colours.orange, colours.green];

/**
 * The demo's page: what was run, the tables, the training curves, and predicted uncertainty against true
 * corruption.
 */
export function demoReport(results: DemoResults): string {
  const tables = demoTables(results);
  return page("EUAR demo", [
    introduction(results),
    heading("In words"),
    ...demoRemarks(results).map(paragraph),
    heading("Models"),
    table(tables.models),
    curvesFigure(results),
    heading("Missing modalities"),
    table(tables.subsets),
    conditionsFigure(results),
    heading("Noise"),
    table(tables.noise),
    heading("Predicted uncertainty against true corruption"),
    table(tables.uncertainty),
    ...results.uncertainty.map(uncertaintyFigure),
    ...notes(results),
  ]);
}

function introduction({ dataset, seed, version, seconds, singles }: DemoResults): Html {
  const sizes = ["train", "valid", "test"].map((split) => `${dataset.sizes[split] ?? 0} ${split}`).join(", ");
  const widths = dataset.modalities.map(({ name, width }) => `${name} ${width}`).join(", ");
  const chosen = singles.map(({ modality, validLoss }) => `${modality} ${fixed(validLoss)}`).join(", ");
  return paragraph(
    `The embedded data set "${dataset.name}" (${sizes} samples; widths: ${widths}), generated from a seed, with labels in [-3, 3] and a known severity for every corruption. ` +
      `Seed ${seed}, euar ${version}, ${Math.round(seconds)} seconds in all. The single modality was chosen by its validation loss (${chosen}).`,
  );
}

function taskLoss(record: Readonly<Record<string, number | null>>): number | null {
  return record.task ?? record.loss ?? null;
}

function curvePoints(model: DemoModel): CurvePoint[] {
  return model.history.flatMap((record: EpochRecord) => {
    const sides = [
      { split: "training" as const, loss: taskLoss(record.train) },
      { split: "validation" as const, loss: taskLoss(record.valid) },
    ];
    return sides.flatMap(({ split, loss }) =>
      loss === null ? [] : [{ model: model.label, epoch: record.epoch, split, loss }],
    );
  });
}

/** The training curves as one SVG; also the source of the README's picture. */
export function curvesSvg(results: DemoResults): string {
  return trainingCurves(
    results.models.flatMap(curvePoints),
    new Map(results.models.map((model) => [model.label, model.bestEpoch])),
  );
}

function curvesFigure(results: DemoResults): Html {
  const ends = results.models
    .map((model) => `${model.label}: best epoch ${model.bestEpoch} of ${model.history.length}`)
    .join("; ");
  return figure(curvesSvg(results), {
    caption: `Task loss over the epochs. The dotted line is the epoch that validation chose. ${ends}. Training losses are taken with dropout and, except for the single modality, with modalities missing now and then, so they may lie above validation.`,
    alt: `Line charts of training and validation loss per epoch for ${results.models.map((model) => model.label).join(", ")}. ${ends}.`,
    legend: [
      { label: "training", colour: colours.blue },
      { label: "validation", colour: colours.orange, dashes: "5,3" },
    ],
  });
}

/** Accuracy under every subset and noise level as one SVG. */
export function conditionsSvg(results: DemoResults): string {
  const points = [...results.subsets, ...results.noise].flatMap((condition) =>
    results.models.flatMap((model): ConditionPoint[] => {
      const value = condition.results[model.label]?.Non0_acc_2;
      return typeof value === "number" ? [{ condition: condition.label, model: model.label, value }] : [];
    }),
  );
  return conditionChart(points, modelPalette(results), "Non0_acc_2");
}

function modelPalette({ models }: DemoResults): Map<string, string> {
  return new Map(models.map((model, i) => [model.label, modelColours[i] ?? colours.purple]));
}

function conditionsFigure(results: DemoResults): Html {
  const legend = [...modelPalette(results)].map(([label, colour], i) => ({
    label: `${label} (${["circle", "square", "triangle"][i] ?? "mark"})`,
    colour,
  }));
  return figure(conditionsSvg(results), {
    caption:
      "Non0_acc_2 on the test split, per subset of available modalities and per noise level. A model without any of its modalities has no mark.",
    alt: "Dot plot of accuracy per condition and model; the numbers are in the tables of this page.",
    legend,
  });
}

/** {@link conditionsSvg} as a picture of its own. */
export function conditionsPicture(results: DemoResults): string {
  return standaloneSvg(
    conditionsSvg(results),
    [...modelPalette(results)].map(([label, colour]) => ({ label, colour })),
  );
}

/** One modality's uncertainty against severity as one SVG. */
export function uncertaintySvg({ points, cleanMean, agreement }: DemoUncertainty): string {
  const titles = new Map(
    Object.entries(agreement.byKind).map(([kind, { rho }]) => [kind, `${kind}, rho ${fixed(rho, 2)}`]),
  );
  return severityChart(points, cleanMean, titles);
}

function uncertaintyFigure(entry: DemoUncertainty): Html {
  const values = Object.entries(entry.agreement.byKind).map(([kind, { rho }]) => `${kind} ${fixed(rho, 2)}`);
  return figure(uncertaintySvg(entry), {
    caption: `${entry.modality}: each grey dot is one corrupted test sample; blue is the mean of groups of equal size with their middle half; the green level is the mean of clean samples. rho is the Spearman correlation over the samples of the kind and the clean ones.`,
    alt: `${entry.modality}: predicted uncertainty against true severity per corruption kind. Spearman correlation: ${values.join(", ")}.`,
  });
}

function notes({ warnings, models }: DemoResults): Html[] {
  const hashes = models.map((model) => `${model.label} ${model.hash.slice(0, 12)}`).join(", ");
  return [
    heading("Notes"),
    ...warnings.map(paragraph),
    paragraph(
      `Configuration hashes: ${hashes}. The run folders beside this page hold configurations, histories, metrics, predictions and weights.`,
    ),
  ];
}

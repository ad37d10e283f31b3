import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import type { MediaModalityPrediction } from "../../predict/media-prediction.js";
import { isLabelList, type ModalityPrediction, type Prediction } from "../../predict/prediction.js";

/** Formats one scored sample for the terminal: the prediction, then its sources. */
export function predictionText(scored: Prediction & { readonly verdict: string }): string {
  const { verdict, prediction, classes, labels, uncertainty, modalities } = scored;
  const table = textTable({
    caption:
      "By modality; percentile: percentage of validation samples with less uncertainty; experts with " +
      "their gate weight and mean sigma^2",
    columns: [
      { heading: "modality" },
      { heading: "present" },
      ...["quality", "uncertainty", "percentile", "share"].map((heading) => ({ heading, numeric: true })),
      { heading: "experts" },
    ],
    rows: Object.entries(modalities).map(([name, modality]) => [
      name,
      presenceOf(modality),
      "quality" in modality ? fixed((modality as MediaModalityPrediction).quality?.score, 2) : "n/a",
      fixed(modality.uncertainty),
      fixed(modality.percentile, 2),
      fixed(modality.contribution, 2),
      modality.experts
        .map((expert, i) => `${expert} (${fixed(modality.gates[i], 2)}, ${fixed(modality.sigma2[i])})`)
        .join("  "),
    ]),
  });
  return [
    verdict,
    "",
    ...predictionLines(prediction),
    ...classLines(classes),
    ...labelLines(labels),
    `uncertainty ${fixed(uncertainty)}`,
    "",
    table,
  ].join("\n");
}

function presenceOf(modality: ModalityPrediction | MediaModalityPrediction): string {
  if (modality.present) return "yes";
  return "given" in modality && modality.given ? "unusable" : "missing";
}

function predictionLines(prediction: Prediction["prediction"]): string[] {
  if (typeof prediction === "number") return [`prediction ${fixed(prediction)}`];
  if (typeof prediction === "string") return [`prediction ${prediction}`];
  if (isLabelList(prediction)) return [`prediction ${prediction.join(", ") || "no label"}`];
  return Object.entries(prediction).map(([name, value]) => `${name} ${fixed(value)}`);
}

function labelLines(labels: Prediction["labels"]): string[] {
  return Object.entries(labels ?? {}).map(
    ([name, { probability, threshold, present }]) =>
      `  ${name} ${fixed(probability)} (${present ? "present" : "absent"}; threshold ${fixed(threshold)})`,
  );
}

function classLines(classes: Prediction["classes"]): string[] {
  return Object.entries(classes ?? {}).map(([name, probability]) => `  ${name} ${fixed(probability)}`);
}

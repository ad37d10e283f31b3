import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import type { Prediction } from "../../train/prediction.js";

/** One scored clip for people. */
export function predictionText({ prediction, classes, uncertainty, modalities }: Prediction): string {
  const rows = Object.entries(modalities).map(([name, modality]) => [
    name,
    modality.present ? "yes" : "missing",
    fixed(modality.uncertainty),
    fixed(modality.contribution),
    modality.experts.map((expert, i) => `${expert} (${fixed(modality.gates[i])}, ${fixed(modality.sigma2[i])})`).join("  "),
  ]);
  const table = textTable({
    caption: "By modality; experts with their gate weight and mean sigma^2",
    columns: [{ heading: "modality" }, { heading: "present" }, { heading: "uncertainty", numeric: true }, { heading: "share", numeric: true }, { heading: "experts" }],
    rows,
  });
  return [...predictionLines(prediction), ...classLines(classes), `uncertainty ${fixed(uncertainty)}`, "", table].join("\n");
}

function predictionLines(prediction: Prediction["prediction"]): string[] {
  if (typeof prediction === "number") return [`prediction ${fixed(prediction)}`];
  if (typeof prediction === "string") return [`prediction ${prediction}`];
  return Object.entries(prediction).map(([name, value]) => `${name} ${fixed(value)}`);
}

function classLines(classes: Prediction["classes"]): string[] {
  return Object.entries(classes ?? {}).map(([name, probability]) => `  ${name} ${fixed(probability)}`);
}

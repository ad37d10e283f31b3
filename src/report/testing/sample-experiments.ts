import type { Experiments, ResultCell } from "../../experiments/experiment-result.js";
import { sampleFigures } from "./sample-figures.js";

const cell = (change: Partial<ResultCell>): ResultCell => ({
  mean: 0.8,
  deviation: 0.01,
  values: [0.79, 0.81],
  note: "",
  uncertainty: null,
  comparison: null,
  wins: false,
  ...change,
});
/** Returns made-up results of the correct form. The numbers have no meaning. */
export function sampleExperiments(): Experiments {
  return {
    format: "euar-experiments/2",
    version: "0.1.0",
    data: { name: "<posts> & co", sizes: { train: 10, valid: 5, test: 5 }, modalities: ["text", "image"] },
    seeds: [1, 2],
    experiments: [
      {
        name: "table3",
        title: "Table 3: 10% noise_level",
        caption: "Trained on clean data.",
        columns: [
          { label: "clean", metric: "Accuracy" },
          { label: "noise, ε = 5", metric: "Accuracy" },
        ],
        rows: [
          {
            label: "EUAR",
            role: "euar",
            cells: [cell({ wins: true, uncertainty: 0.5 }), cell({ mean: 0.7, uncertainty: 0.6 })],
          },
          {
            label: 'Linear, "plain"',
            role: "baseline",
            cells: [
              cell({
                mean: 0.75,
                comparison: { difference: -0.05, low: -0.08, high: -0.02, p: 0.0005, adjusted: 0.0005 },
              }),
              cell({ mean: null, deviation: null, values: [null, null] }),
            ],
          },
          {
            label: "Best single modality",
            role: "baseline",
            cells: [cell({ mean: 0.6, deviation: null, note: "text" }), cell({ mean: 0.6 })],
          },
        ],
        line: { along: "columns", label: "noise" },
      },
    ],
    figures: sampleFigures(),
    paper: [
      {
        experiment: "table3",
        title: "The paper's Table 3",
        columns: ["clean", "noise"],
        rows: [{ label: "EUAR", values: ["71.71", null] }],
        notes: ["Odd & strange."],
      },
    ],
    failures: [{ label: "table3, Linear, seed 2", code: "train.diverged", message: "it <diverged>" }],
  };
}

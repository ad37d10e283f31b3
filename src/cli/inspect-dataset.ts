import { type Dataset, outputNames } from "../data/dataset.js";
import {
  type DatasetSummary,
  type ModalitySummary,
  type SplitSummary,
  summariseDataset,
} from "../data/summarise-dataset.js";
import { checkLeaks, type LeakCheck } from "../data/leak-check.js";
import { similarClasses } from "../data/formats/class-names.js";
import { fixed } from "../report/numbers.js";
import { textTable } from "../report/text-table.js";
import type { Inspection } from "./inspect-run.js";
import { originLines } from "./origin-lines.js";

/** Describes a data set without its values. */
export function inspectDataset(dataset: Dataset): Inspection {
  const summary = summariseDataset(dataset);
  const { splits, notes } = summary;
  const leaks = checkLeaks(dataset);
  const data = {
    kind: "data set",
    ...summary,
    ...(dataset.labelReading && { labelReading: dataset.labelReading }),
    splits: Object.fromEntries(splits.map(({ name, ...rest }) => [name, rest])),
    leaks,
  };
  const sections = [
    heading(summary),
    ...(dataset.labelReading
      ? [`Labels (${dataset.labelReading.source}): ${dataset.labelReading.text}.`]
      : []),
    modalityTable(summary),
    labelTable(summary),
    ...(summary.features === undefined
      ? []
      : [["Features extracted by", ...originLines(summary.features).map((line) => `- ${line}`)].join("\n")]),
    ["Leaks and anomalies", ...leakLines(leaks).map((line) => `- ${line}`)].join("\n"),
    ...corruptionLines(splits.find(({ name }) => name === "test")),
    ...(notes.length === 0 ? [] : [["Notes", ...notes.map((note) => `- ${note}`)].join("\n")]),
  ];
  return { data, text: sections.join("\n\n") };
}

function heading({ name, task }: DatasetSummary): string {
  if (task.kind === "classification") {
    const alike =
      similarClasses(task.classes).length > 0 ? ", some of which differ only in case or spaces" : "";
    return `${name}: classification into ${task.classes.join(", ")}${alike}`;
  }
  if (task.kind === "multi-label") return `${name}: multi-label task of ${task.labels.join(", ")}`;
  return (
    `${name}: regression of ${task.targets.join(", ")}` + (task.range ? ` in [${task.range.join(", ")}]` : "")
  );
}

function modalityTable({ modalities, splits }: DatasetSummary): string {
  return textTable({
    caption:
      "Modalities; per split: number of samples that have it, mean number of real steps, and range " +
      "of the features",
    columns: [
      { heading: "modality" },
      { heading: "width", numeric: true },
      { heading: "longest", numeric: true },
      ...splits.map(({ name }) => ({ heading: name, numeric: true })),
    ],
    rows: modalities.map(({ name, width, steps }, m) => [
      name,
      String(width),
      String(steps),
      ...splits.map((split) => presence(split, split.modalities[m])),
    ]),
  });
}

function presence({ samples }: SplitSummary, found: ModalitySummary | undefined): string {
  if (found === undefined || found.missing === samples) return "none";
  return (
    `${samples - found.missing} (${fixed(found.steps.mean, 1)}) [${found.least.toPrecision(3)}, ` +
    `${found.most.toPrecision(3)}]`
  );
}

function labelTable({ task, splits }: DatasetSummary): string {
  const isRegression = task.kind === "regression";
  const noun = { regression: "target", classification: "class", "multi-label": "label" }[task.kind];
  const cell = ({ targets, classes }: SplitSummary, i: number): string => {
    const target = targets[i];
    if (target)
      return (
        `${fixed(target.mean, 2)} +- ${fixed(target.std, 2)} [${fixed(target.least, 2)}, ` +
        `${fixed(target.most, 2)}]`
      );
    return String(classes[i]?.count ?? 0);
  };
  return textTable({
    caption: isRegression ? "Labels: mean +- standard deviation [minimum, maximum]" : `Samples per ${noun}`,
    columns: [
      { heading: noun },
      ...splits.map(({ name, samples }) => ({ heading: `${name} (${samples})`, numeric: true })),
    ],
    rows: outputNames(task).map((name, i) => [name, ...splits.map((split) => cell(split, i))]),
  });
}

/** Formats the findings of the leak check; one line if there are none. */
function leakLines({ sharedIds, groups, modalities }: LeakCheck): string[] {
  const lines = [
    ...(sharedIds > 0 ? [`warning: ${sharedIds} ids are in more than one split`] : []),
    ...(groups !== undefined && groups.shared > 0
      ? [
          `warning: ${groups.shared} of ${groups.count} groups (by the pattern of the ids, such as ` +
            `"${groups.example}") are in more than one split: the model may be tested on speakers that ` +
            "it was trained on",
        ]
      : []),
    ...modalities.flatMap(({ name, sharedRows, duplicates, constantFeatures }) => [
      ...(sharedRows > 0
        ? [
            `warning: ${name}: ${sharedRows} samples of valid and test have the same features as a ` +
              "sample of another split",
          ]
        : []),
      ...(duplicates > 0
        ? [`${name}: ${duplicates} samples have the same features as another sample of their split`]
        : []),
      ...(constantFeatures > 0
        ? [
            `${name}: ${constantFeatures} features are constant in the training split and carry no ` +
              "information",
          ]
        : []),
    ]),
  ];
  if (lines.length > 0) return lines;
  const looked = groups === undefined ? "ids or features" : "ids, groups or features";
  return [`none found: no ${looked} occur in two splits, and no feature is constant`];
}

function corruptionLines(split: SplitSummary | undefined): string[] {
  const lines = (split?.modalities ?? []).flatMap(({ name, corruption }) =>
    corruption
      ? [
          `- ${name}: ${Object.entries(corruption)
            .map(([kind, count]) => `${count} ${kind}`)
            .join(", ")}`,
        ]
      : [],
  );
  return lines.length === 0 ? [] : [["Known corruption of the test split", ...lines].join("\n")];
}

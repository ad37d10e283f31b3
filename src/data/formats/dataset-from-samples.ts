import { defined } from "../../core/defined.js";
import { shown } from "../../core/check-options.js";
import { DataError } from "../../core/errors.js";
import { type Dataset, SPLIT_NAMES } from "../dataset.js";
import { chooseModalities } from "../modality-names.js";
import { assembleDataset } from "./assemble-dataset.js";
import { mapSplits, type RawSplit } from "./raw-dataset.js";
import type { FeatureColumn } from "./feature-column.js";
import { readLabels } from "./labels.js";
import type { LoadOptions } from "./load-options.js";
import {
  checkRecord,
  modalitiesOfSamples,
  sampleColumn,
  type SampleRecord,
  widthOfSamples,
} from "./sample-columns.js";
import { labelsOfSamples, requireSplits, type SampleSplits } from "./sample-labels.js";
import type { StatedTask } from "./stated-task.js";

/** Content of a data set, as lists of samples. */
export interface SampleContent {
  /** Name of the data set in reports. */
  readonly name: string;
  readonly splits: SampleSplits;
  /** Names of the numbers of a label, in their order. Default: "label", or "target_0", "target_1", ... */
  readonly targets?: readonly string[];
  /** Task of the labels. Default: derived from the training labels, see docs/formats.md. */
  readonly task?: Dataset["task"]["kind"];
  /** Remarks for `euar inspect`, such as the number of omitted samples. */
  readonly notes?: readonly string[];
}

/**
 * Makes a data set of samples in memory. Treats labels, missing modalities, NaN and infinities, and options
 * as for files. Runs in the browser.
 *
 * @param content train, valid and test, each with at least one sample
 * @param options as for `loadDataset`
 * @throws DataError naming split, sample and modality: "data.format", "data.width-mismatch",
 * "data.invalid-value", "data.unknown-modality", "data.empty"
 * @example
 * const sample = { features: { text: [0.1, 0.9], audio: [[1], [2]] }, label: 0.8 };
 * const splits = { train: [sample], valid: [sample], test: [sample] };
 * const dataset = datasetFromSamples({ name: "mine", splits });
 */
export function datasetFromSamples(content: SampleContent, options: LoadOptions = {}): Dataset {
  const place = nameOf(content);
  const splits = checkedSplits(content, place);
  const { train } = splits;
  const available = modalitiesOfSamples(train);
  if (train.length > 0 && available.length === 0)
    throw new DataError("data.empty", `${place}: no sample of train has features.`, {
      hint: 'For example { features: { text: [0.1, -0.2] }, label: "positive" }.',
    });
  const modalities = chooseModalities(options.modalities, available, place);
  requireKnown(splits, available, place);
  const widths = modalities.map((modality) => widthOfSamples(train, modality));
  const found = labelsOfSamples(splits, content.targets, options.target, place);
  const stated: StatedTask | undefined = content.task && { kind: content.task, by: place };
  const { task, labels, reading, notes } = readLabels({ place: `${place}: labels`, found, stated }, options);
  const raw = mapSplits((name): RawSplit => {
    const samples = splits[name];
    const columns: Record<string, FeatureColumn> = {};
    const present: Record<string, Uint8Array> = {};
    modalities.forEach((modality, m) => {
      const read = sampleColumn(samples, modality, defined(widths[m]), `${place}: ${name}`);
      columns[modality] = read.column;
      present[modality] = read.present;
    });
    const hasTexts = samples.some(({ text }) => text !== undefined);
    return {
      place: `${place}: ${name}`,
      ids: samples.map(({ id }, i) => id ?? `${name}/${i}`),
      texts: hasTexts ? samples.map(({ text }) => text ?? "") : undefined,
      labels: labels[name],
      columns,
      present,
    };
  });
  return assembleDataset(
    {
      name: place,
      task,
      modalities,
      splits: raw,
      notes: [...(content.notes ?? []), ...notes],
      labelReading: reading,
    },
    options.pool ?? "none",
  );
}

function nameOf(content: unknown): string {
  if (typeof content !== "object" || content === null)
    throw new DataError("data.format", `A data set was expected, got ${shown(content)}.`, {
      hint: "Give { name, splits: { train, valid, test } }.",
    });
  const name: unknown = "name" in content ? content.name : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw new DataError("data.format", `The name of a data set is ${shown(name)}, where text was expected.`, {
    hint: 'Give a name such as "survey".',
  });
}

function checkedSplits(content: SampleContent, place: string): SampleSplits {
  const given = requireSplits(content.splits, place);
  return mapSplits((name) =>
    given[name].map((sample, i): SampleRecord => {
      checkRecord(sample, `${place}: ${name}, sample ${i}`);
      return sample;
    }),
  );
}

/** @throws DataError "data.unknown-modality" for a modality that no training sample has */
function requireKnown(splits: SampleSplits, known: readonly string[], place: string): void {
  for (const split of SPLIT_NAMES) {
    const other = modalitiesOfSamples(splits[split]).find((name) => !known.includes(name));
    if (other === undefined) continue;
    throw new DataError(
      "data.unknown-modality",
      `${place}: ${split} has "${other}", but no sample of train has it.`,
      {
        hint: `The modalities of train are: ${known.join(", ") || "none"}.`,
      },
    );
  }
}

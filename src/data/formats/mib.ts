import { DataError } from "../../core/errors.js";
import type { Dataset, SplitName } from "../dataset.js";
import { assembleDataset } from "./assemble-dataset.js";
import { mapSplits, type RawSplit } from "./raw-dataset.js";
import type { ByteSource } from "./byte-source.js";
import { listColumn } from "./feature-column.js";
import { readLabels } from "./labels.js";
import type { LoadOptions } from "./load-options.js";
import { chooseModalities } from "../modality-names.js";
import type { NdArray } from "./nd-array.js";
import { arrayOf, itemsOf, numbersOf, numberOf, stringsOf } from "./pickle/access.js";
import { wholeText } from "./pickle/text.js";
import { describe, type PyValue } from "./pickle/values.js";

/** Parts of a sample in this layout, except its words. */
const MODALITIES = ["vision", "audio"];

interface Sample {
  readonly id: string;
  readonly text: string;
  readonly label: number;
  readonly features: readonly (NdArray | undefined)[];
}

/**
 * Reads the layout of MIB and MAG: per split a list of `((words, visual (L, Dv), acoustic (L, Da)), label,
 * segment)`. Keeps the words as text. They are not features; a note states this.
 * @throws DataError naming the split and sample
 */
export function readMib(
  source: ByteSource,
  splits: Readonly<Record<SplitName, PyValue>>,
  options: LoadOptions,
): Dataset {
  if (options.target !== undefined && options.target !== "label") {
    throw new DataError(
      "data.format",
      `${source.name}: this layout has one label per sample, called "label", not "${options.target}".`,
      { hint: 'Leave the option target out, or say "label".' },
    );
  }
  const modalities = chooseModalities(options.modalities, MODALITIES, source.name);
  const samples = mapSplits((name) => readSamples(source, splits[name], `${source.name}: ${name}`));
  const values = mapSplits((name) => Float64Array.from(samples[name], (sample) => sample.label));
  const {
    task,
    labels,
    reading,
    notes: labelNotes,
  } = readLabels(
    {
      place: `${source.name}: label`,
      found: { kind: "numbers", columns: ["label"], values },
      stated: { kind: "regression", by: "the layout of MIB" },
    },
    options,
  );
  const raw = mapSplits((name) =>
    toRawSplit(`${source.name}: ${name}`, samples[name], labels[name], modalities),
  );
  const notes = [
    "MIB pickle; words are kept as text, because this layout has no text features",
    ...labelNotes,
  ];
  return assembleDataset(
    { name: source.name, task, modalities, splits: raw, notes, labelReading: reading },
    options.pool ?? "none",
  );
}

function toRawSplit(
  place: string,
  samples: readonly Sample[],
  labels: Float32Array,
  modalities: readonly string[],
): RawSplit {
  const columns = modalities.map((modality) => {
    const arrays = samples
      .map((sample) => sample.features[MODALITIES.indexOf(modality)])
      .filter((array): array is NdArray => array !== undefined);
    return [modality, listColumn(arrays, `${place}/${modality}`)] as const;
  });
  return {
    place,
    ids: samples.map(({ id }) => id),
    texts: samples.map(({ text }) => text),
    labels,
    columns: Object.fromEntries(columns),
  };
}

function readSamples(source: ByteSource, split: PyValue, place: string): Sample[] {
  const items = itemsOf(split);
  if (items === undefined)
    throw new DataError(
      "data.format",
      `${place}: a list of samples was expected, but there is ${describe(split)}.`,
    );
  return items.map((item, i) => readSample(source, item, `${place}[${i}]`));
}

function readSample(source: ByteSource, value: PyValue, place: string): Sample {
  const [content, label, segment] = itemsOf(value) ?? [];
  const [words, visual, acoustic] = itemsOf(content) ?? [];
  const features = [arrayOf(visual), arrayOf(acoustic)];
  const number =
    label === undefined ? undefined : (numberOf(label) ?? numbersOf(label, `${place}/label`).values[0]);
  if (words === undefined || number === undefined || features.includes(undefined)) {
    throw new DataError(
      "data.format",
      `${place}: a sample must be ((words, visual, acoustic), label, segment), but this is ` +
        `${describe(value)}.`,
    );
  }
  const text = wholeText(source, words) ?? stringsOf(source, words, `${place}/words`).join(" ");
  return { id: segmentId(source, segment) ?? place, text, label: number, features };
}

function segmentId(source: ByteSource, segment: PyValue | undefined): string | undefined {
  const parts = itemsOf(segment);
  return parts === undefined ? wholeText(source, segment) : stringsOf(source, segment, "segment").join("_");
}

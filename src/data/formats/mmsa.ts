import { DataError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { type Dataset, labelsPerSample, SPLIT_NAMES, type SplitName } from "../dataset.js";
import { assembleDataset } from "./assemble-dataset.js";
import { mapSplits, type RawSplit } from "./raw-dataset.js";
import type { ByteSource } from "./byte-source.js";
import { arrayColumn, listColumn, type FeatureColumn } from "./feature-column.js";
import { labelMatrix, requireOneShape } from "./label-shape.js";
import { type LabelColumns, type RawLabels, readLabels } from "./labels.js";
import type { StatedTask } from "./stated-task.js";
import type { LoadOptions } from "./load-options.js";
import { chooseModalities } from "../modality-names.js";
import type { NdArray } from "./nd-array.js";
import { arrayOf, asDict, isFloatArray, itemsOf, numbersOf, stringKeys, stringsOf } from "./pickle/access.js";
import type { PyDict, PyValue } from "./pickle/values.js";
import { readTokenIds } from "./token-ids.js";

const LABEL_KEY = /^(regression_labels|classification_labels|annotations?|labels?|y)(_[a-zA-Z]+)?$/;
const HELPER_KEY = /(_lengths|_present)$|^(id|ids|raw_text)$/;
/** Token ids, a mask and segments. They are features only if the user requests them by name. */
const TOKEN_KEY = "text_bert";
const DEFAULT_TARGETS = ["regression_labels", "labels", "label", "y", "classification_labels", "annotations"];

type Sections = Readonly<Record<SplitName, PyDict>>;

/**
 * Reads MMSA's layout: a dict of train, valid and test, each a dict with features by modality, labels, ids
 * and raw text.
 * @throws DataError naming the split and key
 */
export function readMmsa(
  source: ByteSource,
  splits: Readonly<Record<SplitName, PyValue>>,
  options: LoadOptions,
): Dataset {
  const sections: Sections = mapSplits((name) => asDict(splits[name], `${source.name}: ${name}`));
  const available = modalityKeys(sections.train);
  if (available.length === 0) {
    throw new DataError("data.format", `${source.name}: train has no array of features.`, {
      hint:
        `Its keys are: ${stringKeys(sections.train).join(", ")}. Features are float arrays of shape (N, ` +
        "D) or (N, T, D).",
    });
  }
  const asked = options.modalities ?? available.filter((key) => key !== TOKEN_KEY);
  const modalities = chooseModalities(
    options.modalities === undefined ? undefined : asked,
    options.modalities === undefined ? asked : available,
    source.name,
  );
  const target = chooseTarget(sections, options.target, source.name);
  const read = withAnnotationNames(
    source,
    sections,
    readLabels(rawLabels(source, sections, target), options),
  );
  const { task, labels, reading } = read;
  const raw = mapSplits((name) =>
    readSection(source, name, sections[name], modalities, labels[name], labelsPerSample(task)),
  );
  return assembleDataset(
    {
      name: source.name,
      task,
      modalities,
      splits: raw,
      notes: [`MMSA pickle, target ${target}`, ...read.notes, ...leftOut(sections.train)],
      labelReading: reading,
    },
    options.pool ?? "none",
  );
}

function modalityKeys(section: PyDict): string[] {
  return stringKeys(section).filter(
    (key) =>
      key !== "__proto__" &&
      !LABEL_KEY.test(key) &&
      !HELPER_KEY.test(key) &&
      isFeatures(section.entries.get(key)),
  );
}

/** Returns a note on keys that look like modalities but are not read. */
function leftOut(section: PyDict): string[] {
  const isKnown = (key: string): boolean =>
    LABEL_KEY.test(key) || HELPER_KEY.test(key) || isFeatures(section.entries.get(key));
  const keys = stringKeys(section).filter((key) => !isKnown(key));
  return keys.length === 0
    ? []
    : [`omitted, because they are not arrays of floating-point numbers: ${keys.slice(0, 20).join(", ")}`];
}

function isFeatures(value: PyValue | undefined): boolean {
  const array = arrayOf(value);
  if (array !== undefined) return array.shape.length >= 2 && isFloatArray(value);
  const items = itemsOf(value);
  return (
    items !== undefined &&
    items.length > 0 &&
    items.every((item) => isFloatArray(item) && (arrayOf(item)?.shape.length ?? 0) >= 1)
  );
}

function chooseTarget(sections: Sections, asked: string | undefined, place: string): string {
  const keys = stringKeys(sections.train).filter((key) => LABEL_KEY.test(key));
  if (asked !== undefined) {
    if (sections.train.entries.has(asked) && !isFeatures(sections.train.entries.get(asked))) return asked;
    throw new DataError("data.format", `${place}: train has no labels "${asked}".`, {
      hint: suggestion(asked, keys),
    });
  }
  const found = DEFAULT_TARGETS.find((key) => keys.includes(key)) ?? keys[0];
  if (found !== undefined) return found;
  const all = stringKeys(sections.train);
  throw new DataError("data.format", `${place}: train has no labels; its keys are ${all.join(", ")}.`, {
    hint:
      'Labels are expected under "regression_labels", "classification_labels" or "annotations"; name ' +
      "another key with the option target.",
  });
}

function rawLabels(source: ByteSource, sections: Sections, target: string): RawLabels {
  const place = (name: SplitName): string => `${source.name}: ${name}/${target}`;
  const value = (name: SplitName): PyValue => {
    const found = sections[name].entries.get(target);
    if (found !== undefined) return found;
    throw new DataError("data.format", `${source.name}: ${name} has no "${target}".`, {
      hint: suggestion(target, stringKeys(sections[name])),
    });
  };
  const common = { place: `${source.name}: ${target}`, stated: statedBy(target) };
  if (isNames(sections.train.entries.get(target))) {
    const values = mapSplits((name) => stringsOf(source, value(name), place(name)));
    return { ...common, found: { kind: "names", values } };
  }
  const matrices = mapSplits((name) => {
    const array = arrayOf(value(name));
    if (array !== undefined) return labelMatrix(array);
    const { columns, values } = numbersOf(value(name), place(name));
    return { width: columns, values, pairs: false };
  });
  requireOneShape(matrices, place);
  const { width, pairs } = matrices.train;
  return {
    ...common,
    found: {
      kind: "numbers",
      columns: width === 1 ? [target] : Array.from({ length: width }, (_, i) => `${target}_${i}`),
      values: mapSplits((name) => matrices[name].values),
      pairs,
    },
  };
}

/** Returns the task that the name of a key states. */
function statedBy(target: string): StatedTask | undefined {
  const by = `the key ${target}`;
  if (target.startsWith("regression")) return { kind: "regression", by };
  return target.startsWith("classification") ? { kind: "classification", by } : undefined;
}

function isNames(value: PyValue | undefined): boolean {
  const kind = arrayOf(value)?.dtype.kind;
  if (kind !== undefined) return kind === "S" || kind === "U";
  const first = itemsOf(value)?.[0];
  return (
    first !== undefined &&
    typeof first !== "number" &&
    typeof first !== "boolean" &&
    arrayOf(first) === undefined
  );
}

/** Names the classes 0, 1, 2 by "annotations", if each number always occurs with the same name. */
function withAnnotationNames(source: ByteSource, sections: Sections, columns: LabelColumns): LabelColumns {
  if (columns.task.kind !== "classification") return columns;
  const namesOf = columns.task.classes.map(() => new Set<string>());
  for (const split of SPLIT_NAMES) {
    const annotations = sections[split].entries.get("annotations");
    if (annotations === undefined || !isNames(annotations)) return columns;
    stringsOf(source, annotations, `${source.name}: ${split}/annotations`).forEach((name, i) =>
      namesOf[columns.labels[split][i] ?? -1]?.add(name),
    );
  }
  const classes = namesOf.flatMap((names) => [...names]);
  const unique = namesOf.every((names) => names.size === 1) && new Set(classes).size === classes.length;
  if (!unique) return columns;
  const { source: by, text } = columns.reading;
  return {
    ...columns,
    task: { kind: "classification", classes },
    reading: { source: by, text: `${text}; named ${classes.join(", ")} by the annotations` },
  };
}

function readSection(
  source: ByteSource,
  name: SplitName,
  section: PyDict,
  modalities: readonly string[],
  labels: Float32Array,
  perSample: number,
): RawSplit {
  const place = `${source.name}: ${name}`;
  const count = labels.length / perSample;
  const idValue = section.entries.get("id") ?? section.entries.get("ids");
  const ids =
    idValue === undefined
      ? Array.from({ length: count }, (_, i) => `${name}/${i}`)
      : stringsOf(source, idValue, `${place}/id`, count);
  const textValue = section.entries.get("raw_text");
  const texts =
    textValue === undefined ? undefined : stringsOf(source, textValue, `${place}/raw_text`, count);
  const stored = texts === undefined ? arrayOf(section.entries.get(TOKEN_KEY)) : undefined;
  const tokens = stored && readTokenIds(stored, `${place}/${TOKEN_KEY}`, count);
  const columns: Record<string, FeatureColumn> = {};
  const present: Record<string, Float64Array> = {};
  for (const modality of modalities) {
    if (!section.entries.has(modality)) continue;
    columns[modality] = readColumn(section, modality, `${place}/${modality}`, count);
    const given = section.entries.get(`${modality}_present`);
    if (given !== undefined)
      present[modality] = perSampleNumbers(given, `${place}/${modality}_present`, count);
  }
  return { place, ids, texts, tokens, labels, columns, present };
}

function readColumn(section: PyDict, key: string, place: string, count: number): FeatureColumn {
  const value = section.entries.get(key);
  const array = arrayOf(value);
  const stated = section.entries.get(`${key}_lengths`);
  if (array !== undefined) {
    const lengths =
      stated === undefined ? undefined : [...perSampleNumbers(stated, `${place}_lengths`, count)];
    return arrayColumn(array, place, lengths);
  }
  const arrays = (itemsOf(value) ?? []).map(arrayOf).filter((item): item is NdArray => item !== undefined);
  if (arrays.length === 0) throw new DataError("data.empty", `${place}: there are no features.`);
  return listColumn(arrays, place);
}

function perSampleNumbers(value: PyValue, place: string, count: number): Float64Array {
  const { values } = numbersOf(value, place);
  if (values.length !== count)
    throw new DataError("data.format", `${place}: there are ${values.length} numbers, but ${count} labels.`);
  return values;
}

/** Split names in other programs. */
const SPLIT_ALIASES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["train", "training"],
  valid: ["valid", "dev", "val", "validation"],
  test: ["test", "testing"],
};

/**
 * Returns the three splits of a pickle's dict.
 * @throws DataError "data.format" listing the existing keys
 */
export function findSplits(root: PyDict, place: string): Record<SplitName, PyValue> {
  const keys = stringKeys(root);
  return mapSplits((name) => {
    const key = SPLIT_ALIASES[name].find((alias) => root.entries.has(alias));
    const value = key === undefined ? undefined : root.entries.get(key);
    if (value !== undefined) return value;
    throw new DataError(
      "data.format",
      `${place}: there is no split "${name}"; the keys are ${keys.slice(0, 20).join(", ") || "none"}.`,
      {
        hint: `The file must hold a dict with ${SPLIT_NAMES.join(", ")}.`,
      },
    );
  });
}

import { readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { DataError } from "../../core/errors.js";
import { corruptionNote } from "../../corruption/corrupt-dataset.js";
import { type Dataset, labelsPerSample, SPLIT_NAMES, type SplitName } from "../dataset.js";
import { chooseModalities } from "../modality-names.js";
import { assembleDataset } from "./assemble-dataset.js";
import { mapSplits, type RawSplit } from "./raw-dataset.js";
import { parseDescription, type Description, type SplitFiles } from "./description.js";
import { arrayColumn, selectRows, type FeatureColumn } from "./feature-column.js";
import type { FileUse } from "./file-kind.js";
import { openFileSource, statsOf } from "./file-source.js";
import { folderKind } from "./folder-kind.js";
import { readDamage, readFolderCopies } from "./folder-copies.js";
import { readQuality, withQuality } from "./folder-quality.js";
import { pickKeys } from "../select-modalities.js";
import { readFolderLabels, type SplitTable } from "./folder-labels.js";
import type { LoadOptions } from "./load-options.js";
import { openNpy } from "./npy.js";
import { readTable, readText } from "./read-text.js";
import type { TextTable } from "./table.js";

const FILE = "dataset.json";
const DESCRIPTION: FileUse = { expected: ["description", "json"], wanted: "a description of a data set" };

/**
 * Reads a data set of .npy files and tables that a `dataset.json` describes.
 * @param path the folder, or its dataset.json
 * @throws DataError naming the file and the problem
 */
export function readFolder(path: string, options: LoadOptions): Dataset {
  const file = statsOf(path)?.isDirectory() === true ? join(path, FILE) : path;
  if (statsOf(file) === undefined) throw noDescription(path);
  const description = parseDescription(readText(file, DESCRIPTION), file);
  const opened: (() => void)[] = [];
  try {
    return readDescribed(description, file, options, opened);
  } finally {
    for (const close of opened) close();
  }
}

function readDescribed(
  description: Description,
  file: string,
  options: LoadOptions,
  opened: (() => void)[],
): Dataset {
  const place = (path: string): string => placeOf(path, file);
  const tables = mapSplits((name) => splitTable(description, name, file, place));
  const available = modalitiesOf(description, tables, file);
  const modalities =
    options.modalities === undefined && description.modalities !== undefined
      ? [...description.modalities]
      : chooseModalities(options.modalities, available, file);
  const open = (path: string): ReturnType<typeof openNpy> => {
    const source = openFileSource(place(path));
    opened.push(() => {
      source.close();
    });
    return openNpy(source);
  };
  const { task, labels, reading, notes } = readFolderLabels(description, tables, open, options, file);
  const perSample = labelsPerSample(task);
  const raw = mapSplits((name): RawSplit => {
    const split = tables[name];
    const count = labels[name].length / perSample;
    const columns = modalities.map((modality): [string, FeatureColumn] => {
      const array = open(split.files.features[modality] ?? "");
      return [modality, selectRows(arrayColumn(array, array.place), split.selection)];
    });
    const column = (wanted: string | undefined): string[] | undefined =>
      wanted === undefined ? undefined : split.column(wanted);
    const ids = column(description.columns.id) ?? Array.from({ length: count }, (_, i) => `${name}/${i}`);
    const texts = column(description.columns.text);
    const odd = [ids.length, texts?.length ?? count].find((rows) => rows !== count);
    if (odd !== undefined)
      throw new DataError(
        "data.format",
        `${split.place}: the table has ${odd} rows, but there are ${count} labels.`,
        { hint: "The table needs one row per label." },
      );
    const masks = modalities.flatMap((modality): [string, FeatureColumn][] => {
      const path = split.files.masks?.[modality];
      if (path === undefined) return [];
      const array = open(path);
      return [[modality, selectRows(arrayColumn(array, array.place), split.selection)]];
    });
    return {
      place: split.place,
      ids,
      texts,
      labels: labels[name],
      columns: Object.fromEntries(columns),
      masks: Object.fromEntries(masks),
    };
  });
  const copies = description.copies && {
    copies: readFolderCopies({
      files: description.copies,
      modalities,
      trainSize: raw.train.ids.length,
      place: `${file}: copies`,
      open,
      fileOf: place,
    }),
  };
  const name = description.name ?? basename(resolve(dirname(file)));
  const { features, noise, corruption } = description;
  const dataset = assembleDataset(
    {
      name,
      task,
      modalities,
      splits: raw,
      notes: [`described by ${file}`, ...notes, ...damageNotes(description)],
      labelReading: reading,
      ...(features && { features }),
      ...copies,
    },
    options.pool ?? "none",
  );
  const measures = pickKeys(description.quality ?? {}, modalities);
  const measured = withQuality(dataset, measures, (split, size) => {
    const { files, selection, place } =
      split === "copies"
        ? { files: description.copies, selection: undefined, place: `${file}: copies` }
        : tables[split];
    return readQuality(files?.quality, measures, { rows: selection?.rows, size, open, place });
  });
  return { ...withDamage(measured, tables), ...(noise && { noise }), ...(corruption && { corruption }) };
}

/** Adds the corruption of the samples' media, for the splits whose tables have it. */
function withDamage(dataset: Dataset, tables: Readonly<Record<SplitName, SplitTable>>): Dataset {
  const names = dataset.modalities.map(({ name }) => name);
  const splits = mapSplits((name) => {
    const table = tables[name];
    const split = dataset.splits[name];
    const known = names.filter((modality) => table.files.damage?.includes(modality));
    if (known.length === 0) return split;
    const column = (wanted: string): string[] => table.column(wanted);
    return { ...split, corruption: readDamage(known, { name: table.place, column }) };
  });
  return { ...dataset, splits };
}

function damageNotes({ noise, corruption = [] }: Description): string[] {
  const noted =
    noise === undefined
      ? []
      : [
          `warning: ${noise.splits.join(", ")} made of media with noise: ${noise.specification}, seed ` +
            `${noise.seed}`,
        ];
  return [...noted, ...corruption.map((record) => `warning: ${corruptionNote(record)}`)];
}

/**
 * Refuses relative paths that lead out of the folder. A downloaded description must not read other files of
 * the user. A file in another folder needs an absolute path.
 */
function placeOf(path: string, file: string): string {
  if (isAbsolute(path)) return path;
  const folder = resolve(dirname(file));
  const found = resolve(folder, path);
  if (!relative(folder, found).split(sep).includes("..")) return found;
  throw new DataError("data.unsafe", `${file}: the path "${path}" leads out of the folder.`, {
    hint: "Give the absolute path, or move dataset.json to a folder above all its files.",
  });
}

/** Opens the files of a split and its table, and finds its rows. */
function splitTable(
  description: Description,
  name: SplitName,
  file: string,
  place: (path: string) => string,
): SplitTable {
  const files: SplitFiles = description.splits?.[name] ?? description.all ?? { features: {} };
  const table: TextTable | undefined = files.table === undefined ? undefined : readTable(place(files.table));
  const divider = description.columns.split;
  const rows =
    description.all === undefined || divider === undefined
      ? undefined
      : rowsOf(table?.column(divider) ?? [], description.splitNames[name]);
  if (rows?.length === 0) {
    throw new DataError(
      "data.empty",
      `${table?.name ?? file}: no row has "${description.splitNames[name]}" in the column ` +
        `"${divider ?? ""}".`,
      {
        hint: 'If the column says it in other words, name them under "splitNames".',
      },
    );
  }
  const column = (wanted: string): string[] => {
    if (table === undefined)
      throw new DataError(
        "data.format",
        `${file}: ${name} has no table, so there is no column "${wanted}".`,
        { hint: 'Name a table under "table".' },
      );
    const all = table.column(wanted);
    return rows === undefined ? [...all] : rows.map((row) => all[row] ?? "");
  };
  const selection = rows === undefined ? undefined : { rows, of: table?.rows ?? 0 };
  return { place: `${file}: ${name}`, files, selection, column, hasTable: table !== undefined };
}

function rowsOf(values: readonly string[], wanted: string): number[] {
  return values.flatMap((value, row) => (value === wanted ? [row] : []));
}

function modalitiesOf(
  description: Description,
  tables: Readonly<Record<SplitName, SplitTable>>,
  file: string,
): string[] {
  const known = Object.keys(tables.train.files.features);
  if (known.length === 0)
    throw new DataError("data.format", `${file}: train has no features.`, {
      hint: 'Name an .npy file per modality under "features".',
    });
  for (const name of SPLIT_NAMES) {
    const here = Object.keys(tables[name].files.features);
    const odd =
      known.find((modality) => !here.includes(modality)) ??
      here.find((modality) => !known.includes(modality));
    if (odd !== undefined)
      throw new DataError("data.format", `${file}: the modality "${odd}" is not in every split.`, {
        hint: "Every split needs the same modalities.",
      });
  }
  const named = {
    modalities: description.modalities ?? [],
    features: Object.keys(description.features ?? {}),
    masks: SPLIT_NAMES.flatMap((name) => Object.keys(tables[name].files.masks ?? {})),
    quality: Object.keys(description.quality ?? {}),
    damage: SPLIT_NAMES.flatMap((name) => tables[name].files.damage ?? []),
  };
  for (const [key, names] of Object.entries(named)) {
    const unknown = names.find((modality) => !known.includes(modality));
    if (unknown !== undefined)
      throw new DataError(
        "data.unknown-modality",
        `${file}: "${key}" names "${unknown}", which has no features.`,
        { hint: `There are ${known.join(", ")}.` },
      );
  }
  return description.modalities ?? known;
}

function noDescription(path: string): DataError {
  const kind = statsOf(path)?.isDirectory() === true ? folderKind(readdirSync(path), path) : undefined;
  return new DataError(
    "data.not-found",
    kind === undefined ? `${path} has no ${FILE}.` : `${path} has no ${FILE}: it is ${kind.what}.`,
    {
      hint: kind?.remedy ?? `A folder needs a ${FILE} that describes its files; see docs/formats.md.`,
    },
  );
}

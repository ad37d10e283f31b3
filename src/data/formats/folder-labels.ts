import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import type { Description, SplitFiles } from "./description.js";
import { checkRowCount, type RowSelection } from "./feature-column.js";
import { labelMatrix, requireOneShape } from "./label-shape.js";
import { type NamedLabels, pickTarget, usualNames } from "./named-labels.js";
import { type FoundNames, type FoundNumbers, type LabelColumns, readLabels } from "./labels.js";
import type { StatedTask } from "./stated-task.js";
import type { LoadOptions } from "./load-options.js";
import type { NdArray } from "./nd-array.js";
import { isTableNumber, tableNumber } from "./table.js";

/** Split of a folder with a description. */
export interface SplitTable {
  readonly place: string;
  readonly files: SplitFiles;
  /** Rows of the files that belong to the split; undefined for all. */
  readonly selection: RowSelection | undefined;
  readonly hasTable: boolean;
  /** Returns the split's cells of a column of its table. */
  column(name: string): string[];
}

/**
 * Reads the labels of a folder with a description, from .npy files or from columns of the tables.
 * `options.target` selects one of several targets.
 */
export function readFolderLabels(
  description: Description,
  tables: Readonly<Record<SplitName, SplitTable>>,
  open: (path: string) => NdArray,
  options: LoadOptions,
  file: string,
): LabelColumns {
  const found = findLabels(description, tables, open, options, file);
  return readLabels({ place: file, found, stated: statedTask(description) }, options);
}

function statedTask({ task }: Description): StatedTask | undefined {
  if (task === undefined) return undefined;
  const by = "dataset.json";
  if (task.kind === "classification") return { kind: task.kind, by, names: task.classes };
  if (task.kind === "multi-label") return { ...task, by, names: task.labels };
  return { ...task, by, names: undefined }; // targets name the columns
}

function findLabels(
  description: Description,
  tables: Readonly<Record<SplitName, SplitTable>>,
  open: (path: string) => NdArray,
  { target, task }: LoadOptions,
  file: string,
): FoundNumbers | FoundNames {
  const kind = task ?? description.task?.kind;
  const inTable = SPLIT_NAMES.every((name) => tables[name].files.labels === undefined);
  const { labels } = description.columns;
  const single = target !== undefined || typeof labels === "string" || labels?.length === 1;
  if (inTable && single && labels !== undefined && kind !== "regression") {
    const column = singleColumn(labels, target, file);
    const values = mapSplits((name) => tables[name].column(column));
    const areNumbers = SPLIT_NAMES.every((name) => values[name].every(isTableNumber));
    if (kind === "classification" || (kind === undefined && !areNumbers)) return { kind: "names", values };
  }
  const matrices = mapSplits((name) =>
    pickTarget(readMatrix(description, tables[name], open, file), target, file),
  );
  requireOneShape(
    mapSplits((name) => ({ width: matrices[name].names.length, pairs: matrices[name].pairs })),
    (name) => tables[name].place,
  );
  const { names, named, pairs } = matrices.train;
  return {
    kind: "numbers",
    columns: names,
    named,
    pairs,
    values: mapSplits((name) => matrices[name].values),
  };
}

function singleColumn(
  labels: string | readonly string[] | undefined,
  target: string | undefined,
  file: string,
): string {
  const all = labels === undefined ? [] : typeof labels === "string" ? [labels] : labels;
  const found = target === undefined ? all[0] : all.find((name) => name === target);
  if (found !== undefined && (all.length === 1 || target !== undefined)) return found;
  throw new DataError(
    "data.format",
    `${file}: one column of class labels is needed, but there are ` +
      `${all.length}${target === undefined ? "" : ` and none is "${target}"`}.`,
    {
      hint:
        all.length > 1
          ? `Choose one with the option target: ${all.join(", ")}.`
          : 'Name it under "columns": {"labels": "..."}.',
    },
  );
}

function readMatrix(
  description: Description,
  split: SplitTable,
  open: (path: string) => NdArray,
  file: string,
): NamedLabels {
  if (split.files.labels !== undefined) return fromArray(description, split, open(split.files.labels));
  const { labels } = description.columns;
  if (labels === undefined || !split.hasTable) {
    throw new DataError("data.format", `${split.place} has no labels.`, {
      hint:
        'Name an .npy file under "labels", or a column of a table under "columns": {"labels": "..."} in ' +
        `${file}.`,
    });
  }
  const names = typeof labels === "string" ? [labels] : labels;
  const columns = names.map((name) =>
    split
      .column(name)
      .map((text, row) => tableNumber(text, `${split.place}, row ${row + 1}, column "${name}"`)),
  );
  return {
    names,
    named: true,
    pairs: false,
    values: Float64Array.from(
      (columns[0] ?? []).flatMap((_, row) => columns.map((column) => defined(column[row]))),
    ),
  };
}

function fromArray(description: Description, split: SplitTable, array: NdArray): NamedLabels {
  const [count = 0] = array.shape;
  const { width, values: all, pairs } = labelMatrix(array);
  const { task } = description;
  const given =
    task?.kind === "regression" ? task.targets : task?.kind === "multi-label" ? task.labels : undefined;
  const names = given ?? usualNames(width);
  if (names.length !== width) {
    throw new DataError(
      "data.format",
      `${array.place}: there are ${width} labels per sample, but the task has ${names.length}.`,
      { hint: 'Give one name per column under "task": {"targets": [...]} or {"labels": [...]}.' },
    );
  }
  if (split.selection !== undefined) checkRowCount(count, split.selection, array.place);
  const rows = split.selection?.rows ?? Array.from({ length: count }, (_, row) => row);
  return {
    names,
    named: given !== undefined,
    pairs,
    values: Float64Array.from(rows.flatMap((row) => [...all.subarray(row * width, (row + 1) * width)])),
  };
}

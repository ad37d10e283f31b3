import { DataError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { SplitName } from "../dataset.js";
import { mapSplits, SPLIT_NAMES } from "./assemble-dataset.js";
import type { Description, SplitFiles } from "./description.js";
import { checkRowCount, type RowSelection } from "./feature-column.js";
import { namedClasses, regressionLabels, type LabelColumns } from "./labels.js";
import { readNumbers, showShape, type NdArray } from "./nd-array.js";
import { tableNumber } from "./table.js";

/** One split of a described folder. */
export interface SplitTable {
  readonly place: string;
  readonly files: SplitFiles;
  /** Rows of the files that belong to the split; all when undefined. */
  readonly selection: RowSelection | undefined;
  readonly hasTable: boolean;
  /** The split's values of a column of its table. */
  column(name: string): string[];
}

/** Numbers in named columns: values[row * names.length + column]. */
interface Matrix {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

/**
 * The labels of a described folder, from .npy files or from columns of the tables.
 * @param target one of the targets, to learn it alone; all when undefined
 */
export function readFolderLabels(
  description: Description,
  tables: Readonly<Record<SplitName, SplitTable>>,
  open: (path: string) => NdArray,
  target: string | undefined,
  file: string,
): LabelColumns {
  const { task, columns } = description;
  if (
    task.kind === "classification" &&
    SPLIT_NAMES.every((name) => tables[name].files.labels === undefined)
  ) {
    const column = singleColumn(columns.labels, target, file);
    return namedClasses(
      mapSplits((name) => tables[name].column(column)),
      task.classes,
      `${file}: column "${column}"`,
    );
  }
  const matrices = mapSplits((name) =>
    pickTarget(readMatrix(description, tables[name], open, file), target, file),
  );
  const { names } = matrices.train;
  if (task.kind === "classification") return classIndices(matrices, task.classes, file);
  const { task: inferred, labels } = regressionLabels(
    mapSplits((name) => matrices[name].values),
    names,
  );
  return {
    task: task.range === undefined ? inferred : { kind: "regression", targets: names, range: task.range },
    labels,
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
    `${file}: one column of class labels is needed, but there are ${all.length}${target === undefined ? "" : ` and none is "${target}"`}.`,
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
): Matrix {
  if (split.files.labels !== undefined) return fromArray(description, split, open(split.files.labels));
  const { labels } = description.columns;
  if (labels === undefined || !split.hasTable) {
    throw new DataError("data.format", `${split.place} has no labels.`, {
      hint: `Name an .npy file under "labels", or a column of a table under "columns": {"labels": "..."} in ${file}.`,
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
    values: Float64Array.from(
      (columns[0] ?? []).flatMap((_, row) => columns.map((column) => column[row] ?? NaN)),
    ),
  };
}

function fromArray(description: Description, split: SplitTable, array: NdArray): Matrix {
  const [count = 0, width = 1] = array.shape;
  if (array.shape.length !== 1 && array.shape.length !== 2) {
    throw new DataError(
      "data.format",
      `${array.place}: labels must have the shape (N,) or (N, targets), but have ${showShape(array.shape)}.`,
    );
  }
  const given = description.task.kind === "regression" ? description.task.targets : ["class"];
  const names = given ?? (width === 1 ? ["label"] : Array.from({ length: width }, (_, i) => `target_${i}`));
  if (names.length !== width) {
    throw new DataError(
      "data.format",
      `${array.place}: there are ${width} labels per sample, but the task has ${names.length}.`,
      { hint: 'Give one name per column under "task": {"targets": [...]}.' },
    );
  }
  const all = readNumbers(array);
  if (split.selection !== undefined) checkRowCount(count, split.selection, array.place);
  const rows = split.selection?.rows ?? Array.from({ length: count }, (_, row) => row);
  return {
    names,
    values: Float64Array.from(rows.flatMap((row) => [...all.subarray(row * width, (row + 1) * width)])),
  };
}

function pickTarget(matrix: Matrix, target: string | undefined, file: string): Matrix {
  if (target === undefined) return matrix;
  const at = matrix.names.indexOf(target);
  if (at < 0)
    throw new DataError("data.format", `${file}: there is no target "${target}".`, {
      hint: suggestion(target, matrix.names),
    });
  const width = matrix.names.length;
  return { names: [target], values: matrix.values.filter((_, i) => i % width === at) };
}

function classIndices(
  matrices: Readonly<Record<SplitName, Matrix>>,
  classes: readonly string[] | undefined,
  file: string,
): LabelColumns {
  const most = SPLIT_NAMES.reduce(
    (largest, name) => matrices[name].values.reduce((top, value) => Math.max(top, value), largest),
    0,
  );
  if (classes === undefined && most >= 1000)
    throw new DataError("data.invalid-value", `${file}: a class index of ${most} is too large.`);
  const known = classes ?? Array.from({ length: most + 1 }, (_, i) => String(i));
  for (const name of SPLIT_NAMES) {
    const bad = matrices[name].values.findIndex(
      (value) => !Number.isInteger(value) || value < 0 || value >= known.length,
    );
    if (bad >= 0) {
      throw new DataError(
        "data.invalid-value",
        `${file}: the label of sample ${bad} of ${name} is ${matrices[name].values[bad] ?? NaN}, but there are ${known.length} classes, counted from 0.`,
      );
    }
  }
  return {
    task: { kind: "classification", classes: known },
    labels: mapSplits((name) => Float32Array.from(matrices[name].values)),
  };
}

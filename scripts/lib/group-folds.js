// Folds of a data set's training and validation samples in which all samples of a group (a video, a speaker)
// are together. The test split is not read.

/**
 * Assigns groups, in the order of their names, to the fold with the fewest samples so far.
 * @param dataset result of `loadDataset`
 * @param groupOf returns the group of a sample's id
 * @returns data sets: fold k is their "test" split, fold k + 1 their validation split, the others their
 * training split
 */
export function groupFolds(dataset, groupOf, count) {
  const splits = [dataset.splits.train, dataset.splits.valid];
  const sizes = new Map();
  for (const id of splits.flatMap(({ ids }) => ids))
    sizes.set(groupOf(id), (sizes.get(groupOf(id)) ?? 0) + 1);
  const load = Array(count).fill(0);
  const foldOf = new Map();
  for (const group of [...sizes.keys()].sort()) {
    const fold = load.indexOf(Math.min(...load));
    foldOf.set(group, fold);
    load[fold] += sizes.get(group);
  }
  const part = (name, wanted) =>
    joined(
      name,
      splits.map((split) => ({
        split,
        rows: split.ids.flatMap((id, row) => (wanted(foldOf.get(groupOf(id))) ? [row] : [])),
      })),
    );
  return load.map((_, k) => {
    const next = (k + 1) % count;
    return {
      ...dataset,
      name: `${dataset.name}, fold ${k}`,
      splits: {
        train: part("train", (fold) => fold !== k && fold !== next),
        valid: part("valid", (fold) => fold === next),
        test: part("test", (fold) => fold === k),
      },
    };
  });
}

/** Joins rows of several splits into one split. */
function joined(name, parts) {
  const column = (columnOf) => {
    const pieces = parts.flatMap(({ split, rows }) =>
      rows.map((row) => entry(columnOf(split), row, split.size)),
    );
    const whole = new (columnOf(parts[0].split).constructor)(
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    );
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  };
  const tables = Object.entries(parts[0].split.modalities).map(([modality, { width, steps }]) => {
    const [values, mask, present] = ["values", "mask", "present"].map((key) =>
      column((split) => split.modalities[modality][key]),
    );
    return [modality, { width, steps, values, mask, present }];
  });
  const ids = parts.flatMap(({ split, rows }) => rows.map((row) => split.ids[row]));
  return {
    name,
    size: ids.length,
    ids,
    modalities: Object.fromEntries(tables),
    labels: column((split) => split.labels),
  };
}

/** Returns one sample's value of a column with `size` samples. */
function entry(column, row, size) {
  const width = column.length / size;
  return column.subarray(row * width, (row + 1) * width);
}

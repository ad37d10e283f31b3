import { shown } from "../../core/check-options.js";
import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { SPLIT_NAMES, type SplitName } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import type { FoundNames, FoundNumbers } from "./labels.js";
import { noTarget, pickTarget, usualNames } from "./named-labels.js";
import type { SampleRecord } from "./sample-columns.js";

/** Samples of each split. */
export type SampleSplits = Readonly<Record<SplitName, readonly SampleRecord[]>>;

/**
 * Collects the labels of samples: names if all are text, otherwise numbers.
 * @param names names of the columns; default: "label", or "target_0", "target_1", ...
 * @param target column to collect; default: all
 * @throws DataError "data.format" for labels of several kinds, or not one per name
 */
export function labelsOfSamples(
  splits: SampleSplits,
  names: readonly string[] | undefined,
  target: string | undefined,
  place: string,
): FoundNames | FoundNumbers {
  const first = splits.train[0]?.label;
  if (typeof first === "string") {
    const [only = "label"] = names ?? [];
    if (target !== undefined && target !== only) throw noTarget(target, names ?? [only], place);
    return {
      kind: "names",
      values: mapSplits((split) =>
        splits[split].map(({ label }, i) => {
          if (typeof label === "string") return label;
          throw otherKind(label, "text, as the first label is", `${place}: ${split}, sample ${i}`);
        }),
      ),
    };
  }
  const width = Array.isArray(first) ? first.length : 1;
  const columns = names ?? usualNames(width);
  if (columns.length !== width)
    throw new DataError(
      "data.format",
      `${place}: there are ${columns.length} targets, but ${width} labels.`,
      {
        hint: "Name each number of a label once.",
      },
    );
  const rows = mapSplits((split) =>
    splits[split].map(({ label }, i) => numbersOf(label, width, `${place}: ${split}, sample ${i}`)),
  );
  const picked = mapSplits((split) =>
    pickTarget(
      {
        names: columns,
        named: names !== undefined,
        values: Float64Array.from(rows[split].flat()),
        pairs: false,
      },
      target,
      place,
    ),
  );
  return {
    kind: "numbers",
    columns: picked.train.names,
    named: picked.train.named,
    values: mapSplits((split) => picked[split].values),
  };
}

function numbersOf(label: unknown, width: number, place: string): readonly number[] {
  const row: readonly unknown[] = Array.isArray(label) ? label : [label];
  const bad = row.findIndex((value) => typeof value !== "number");
  if (bad >= 0) throw otherKind(row[bad], "a number", place);
  if (row.length !== width)
    throw new DataError(
      "data.format",
      `${place}: ${row.length} labels, where the first sample has ${width}.`,
      {
        hint: "Every sample needs the same number of labels.",
      },
    );
  return row as readonly number[];
}

function otherKind(label: unknown, expected: string, place: string): DataError {
  return new DataError(
    "data.format",
    `${place}: the label is ${shown(label)}, where ${expected} was expected.`,
    {
      hint: "Use names for all samples, or numbers for all samples.",
    },
  );
}

/**
 * Returns the three splits of some content.
 *
 * @throws DataError "data.format" for a split that is not a list
 */
export function requireSplits(
  splits: unknown,
  place: string,
): Readonly<Record<SplitName, readonly unknown[]>> {
  const given = isRecord(splits) ? splits : {};
  return mapSplits((name) => {
    const samples = given[name];
    if (Array.isArray(samples)) return samples as readonly unknown[];
    throw new DataError(
      "data.format",
      `${place}: the split ${name} is ${shown(samples)}, where a list of samples was expected.`,
      {
        hint: `Give the splits ${SPLIT_NAMES.join(", ")}.`,
      },
    );
  });
}

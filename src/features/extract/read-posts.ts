import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../../data/dataset.js";
import { readSmallFile } from "../../data/files/read-small-file.js";
import { readTable, readText, TABLE } from "../../data/formats/read-text.js";
import { looseText } from "../../data/formats/text-encoding.js";
import { usualModalities } from "../readable-modalities.js";
import type { SourceOptions } from "./read-clips.js";
import type { Sample, SampleSource } from "./sample.js";
import { optionalColumn, pathInside, RowChecker, textOf } from "./source-files.js";
import { seededSplits, UNGROUPED } from "./split-rows.js";

const SPLIT_FILES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["train.jsonl"],
  valid: ["valid.jsonl", "dev.jsonl", "val.jsonl"],
  test: ["test.jsonl"],
};
export const MVSA_LABELS = "labelResultAll.txt";

/** True if a folder has the three files of {@link readPosts}. */
export function hasPosts(folder: string): boolean {
  return Object.values(SPLIT_FILES).every((names) => names.some((name) => existsSync(join(folder, name))));
}

/**
 * Reads posts of a text and an image from `train.jsonl`, `dev.jsonl` (or `valid.jsonl`) and `test.jsonl`.
 * Each line is an object with `id`, `label`, `text` and `img` (a path inside the folder).
 */
export function readPosts(folder: string, { label, ...options }: SourceOptions): SampleSource {
  refuseGroups(folder, options);
  const root = resolve(folder);
  const rows = new RowChecker();
  const tables = SPLIT_NAMES.map((split) => {
    const file =
      SPLIT_FILES[split].map((name) => join(root, name)).find((path) => existsSync(path)) ??
      join(root, SPLIT_FILES[split][0] ?? "");
    return { split, file, table: readTable(file) };
  });
  const samples = tables.flatMap(({ split, file, table }): Sample[] => {
    const [ids, labels, texts, images] = [
      table.column("id"),
      table.column(label),
      optionalColumn(table, "text"),
      optionalColumn(table, "img"),
    ];
    return ids.flatMap((id, row): Sample[] => {
      const place = `${file}, line ${row + 1}`;
      const named = images?.[row] ?? "";
      const image = named === "" ? undefined : pathInside(root, named);
      if (named !== "" && image === undefined)
        rows.refuse(id, "data.unsafe", `${place}: the image "${named}" leads out of the folder`);
      else if (rows.accept(id, place))
        return [
          {
            id,
            split,
            label: labels[row] ?? "",
            texts: textOf(texts?.[row]),
            files: image === undefined ? {} : { image },
            transcript: undefined,
          },
        ];
      return [];
    });
  });
  const has = (column: string): boolean => tables.some(({ table }) => table.columns.includes(column));
  return {
    name: basename(root),
    layout: "posts",
    samples,
    failures: rows.failures,
    modalities: [
      ...(has("text") ? usualModalities("text") : []),
      ...(has("img") ? usualModalities("image") : []),
    ],
    notes: [],
  };
}

/**
 * Reads MVSA-Single in its published form: `labelResultAll.txt` (id, tab, "text label,image label") and
 * `data/{id}.jpg` with `data/{id}.txt`.
 *
 * Derives the label of a post by the usual rule (Xu and Mao, "MultiSentiNet", CIKM 2017, section 4.1): equal
 * labels are kept, a polar label overrides a neutral one, and posts with opposite labels are left out. Draws
 * an 8:1:1 split with the seed, because none is published.
 */
export function readMvsa(folder: string, { seed, ...options }: SourceOptions): SampleSource {
  refuseGroups(folder, options);
  const root = resolve(folder);
  const rows = new RowChecker();
  const lines = readText(join(root, MVSA_LABELS), TABLE).split(/\r?\n/).slice(1);
  let opposed = 0;
  const labelled = lines.flatMap((line, i): { id: string; label: string }[] => {
    if (line.trim() === "") return [];
    const place = `${join(root, MVSA_LABELS)}, line ${i + 2}`;
    const [id = "", verdict = "", ...more] = line.trim().split("\t");
    const pair = verdict.split(",").map((part) => part.trim().toLowerCase());
    if (more.length > 0 || pair.length !== 2 || !pair.every(isPolarity) || !/^[\w-]{1,100}$/.test(id)) {
      rows.refuse(
        place,
        "data.format",
        `${place}: an id, a tab and two of positive, neutral, negative were expected`,
      );
      return [];
    }
    if (!rows.accept(id, place)) return [];
    const label = postLabel(pair[0] ?? "", pair[1] ?? "");
    if (label === undefined) opposed += 1;
    return label === undefined ? [] : [{ id, label }];
  });
  // Authors are unknown, and ids are numbers: there is nothing to group by.
  const { splits, note } = seededSplits(
    labelled.map(({ id }) => id),
    seed,
    UNGROUPED,
  );
  const samples = labelled.map(({ id, label }): Sample => {
    // Tweets of MVSA are in several encodings.
    const words = join(root, "data", `${id}.txt`);
    const text = existsSync(words) ? looseText(readSmallFile(words)).trim() : undefined;
    return {
      id,
      split: splits.get(id) ?? "train",
      label,
      texts: textOf(text),
      files: { image: join(root, "data", `${id}.jpg`) },
      transcript: undefined,
    };
  });
  const notes = [note, `${opposed} posts whose text and image have opposite labels were left out`];
  return {
    name: basename(root),
    layout: "posts",
    samples,
    failures: rows.failures,
    modalities: usualModalities("text", "image"),
    notes,
  };
}

/** Refuses a grouping: these sources have splits, or no column to group by. */
export function refuseGroups(
  folder: string,
  { groupBy, testGroup }: Pick<SourceOptions, "groupBy" | "testGroup">,
): void {
  if (testGroup === undefined && (groupBy === undefined || groupBy === UNGROUPED)) return;
  throw new ConfigError(
    "config.conflict",
    `${folder} has no column "${groupBy ?? ""}" that could group a split`,
    { hint: "Leave out --group-by and --test-group." },
  );
}

function isPolarity(word: string): boolean {
  return ["positive", "neutral", "negative"].includes(word);
}

function postLabel(text: string, image: string): string | undefined {
  if (text === image || image === "neutral") return text;
  return text === "neutral" ? image : undefined;
}

import { readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { transcriptEndings } from "../align/transcript-endings.js";
import { usualModalities } from "../readable-modalities.js";
import type { MediaColumn } from "./media-columns.js";
import type { Sample, SampleSource } from "./sample.js";
import { readTable } from "../../data/formats/read-text.js";
import type { TextTable } from "../../data/formats/table.js";
import { ConfigError } from "../../core/errors.js";
import { optionalColumn, pathInside, RowChecker, textOf } from "./source-files.js";
import {
  type DrawnSplit,
  foldSplits,
  type Grouping,
  seededSplits,
  splitOf,
  UNGROUPED,
} from "./split-rows.js";

export const LABEL_TABLE = "label.csv";

/** File endings of clips, in order of preference. */
const CLIP_ENDINGS = [
  ".mp4",
  ".mkv",
  ".webm",
  ".mov",
  ".avi",
  ".m4v",
  ".mpg",
  ".flv",
  ".wav",
  ".flac",
  ".mp3",
  ".m4a",
  ".ogg",
  ".opus",
];

export interface SourceOptions {
  /** Column with the labels. */
  readonly label: string;
  /** Seed of the split, if the source has none. */
  readonly seed: number;
  /**
   * Column of groups, or "none". Samples with the same value stay in one split. Default: the video of a clip,
   * or the pattern of the ids.
   */
  readonly groupBy?: string | undefined;
  /** Group of `groupBy` to test on. Replaces the splits of the source, see {@link foldSplits}. */
  readonly testGroup?: string | undefined;
  /** Columns of a table that hold media. Default: a column of texts. */
  readonly media?: readonly MediaColumn[] | undefined;
}

/**
 * Reads a folder of clips with a `label.csv` in the columns of MMSA-FET: `video_id`, `clip_id`, `text`,
 * `label`, `mode` (train, valid, test). A clip is `{video_id}/{clip_id}.mp4` or
 * `Raw/{video_id}/{clip_id}.mp4`, or another container. Without `mode`, a seeded 8:1:1 split is drawn. A row
 * that cannot be a sample becomes a failure.
 * @throws DataError for a table that cannot be read or lacks a column
 */
export function readClips(folder: string, options: SourceOptions): SampleSource {
  const { label, seed } = options;
  const root = resolve(folder);
  const table = readTable(join(root, LABEL_TABLE));
  const [videos, clips, labels] = [table.column("video_id"), table.column("clip_id"), table.column(label)];
  const texts = optionalColumn(table, "text");
  const modes = optionalColumn(table, "mode");
  const rows = new RowChecker();
  const listing = new FolderListing();
  const ids = videos.map((video, row) => `${video}$_$${clips[row] ?? ""}`);
  const fold = foldOf(table, ids, options);
  const grouping = groupingOf(table, options, modes !== undefined) ?? { groups: videos, by: "video_id" };
  const drawn = fold ?? (modes === undefined ? seededSplits(ids, seed, grouping) : undefined);
  const samples = ids.flatMap((id, row): Sample[] => {
    const place = `${table.name}, row ${row + 1}`;
    const mode = modes?.[row] ?? "";
    const split = drawn?.splits.get(id) ?? splitOf(mode);
    const [video, clip] = [videos[row] ?? "", clips[row] ?? ""];
    const isSafe = checkNames(root, video, clip, id, place, rows);
    if (isSafe && split === undefined)
      rows.refuse(id, "data.invalid-value", `${place}: the mode "${mode}" is none of train, valid and test`);
    if (!isSafe || split === undefined || !rows.accept(id, place)) return [];
    return [
      {
        id,
        split,
        label: labels[row] ?? "",
        texts: textOf(texts?.[row]),
        ...clipFiles(root, video, clip, listing),
      },
    ];
  });
  return {
    name: basename(root),
    layout: "clips",
    samples,
    failures: rows.failures,
    modalities:
      texts === undefined && !samples.some(({ transcript }) => transcript !== undefined)
        ? usualModalities("audio", "video")
        : usualModalities("text", "audio", "video"),
    onRequest: usualModalities("text"), // text of subtitles in the clips
    notes: splitNotes(table, fold, drawn),
  };
}

/**
 * Splits of the fold that the options request; undefined if they request none.
 * @throws ConfigError without a column of groups, or for an unknown group
 * @throws DataError for a missing column
 */
export function foldOf(
  table: TextTable,
  ids: readonly string[],
  { groupBy, testGroup }: SourceOptions,
): DrawnSplit | undefined {
  if (testGroup === undefined) return undefined;
  if (groupBy === undefined || groupBy === UNGROUPED)
    throw new ConfigError("config.conflict", "a test group needs a column of groups", {
      hint: "Name the column with --group-by.",
    });
  return foldSplits(ids, { groups: table.column(groupBy), by: groupBy }, testGroup);
}

/** Says how the splits came about, unless the source has them. */
export function splitNotes(
  { name }: TextTable,
  fold: DrawnSplit | undefined,
  drawn: DrawnSplit | undefined,
): string[] {
  if (fold !== undefined) return [fold.note];
  return drawn === undefined ? [] : [`${name} has no column "mode": ${drawn.note}`];
}

/**
 * Groups that the options request; undefined if the source decides.
 * @throws ConfigError if the source has splits already
 * @throws DataError for a missing column
 */
export function groupingOf(
  table: TextTable,
  { groupBy, testGroup }: SourceOptions,
  hasSplits: boolean,
): Grouping | typeof UNGROUPED | undefined {
  if (groupBy === undefined || testGroup !== undefined) return undefined;
  if (hasSplits)
    throw new ConfigError(
      "config.conflict",
      `${table.name} already has a column of splits, but groups are only used to draw splits`,
      {
        hint: "Leave out --group-by, remove the column, or choose a fold with --test-group.",
      },
    );
  return groupBy === UNGROUPED ? UNGROUPED : { groups: table.column(groupBy), by: groupBy };
}

/** Checks that the names form a path inside the folder. Notes a failure otherwise. */
function checkNames(
  root: string,
  video: string,
  clip: string,
  id: string,
  place: string,
  rows: RowChecker,
): boolean {
  if (video === "" || clip === "")
    return rows.refuse(place, "data.invalid-value", `${place}: video_id or clip_id is empty`);
  const names = `${video}/${clip}`;
  const climbs = names.split(/[/\\]/).includes("..");
  return (
    (!climbs && pathInside(root, names) !== undefined) ||
    rows.refuse(id, "data.unsafe", `${place}: "${names}" leads out of the folder`)
  );
}

/**
 * Finds the clip in one of its two possible places, and the transcript next to it. A missing clip keeps its
 * expected name: opening it reports the error.
 */
function clipFiles(
  root: string,
  video: string,
  clip: string,
  listing: FolderListing,
): Pick<Sample, "files" | "clip" | "transcript"> {
  const stem = join(root, video, clip);
  const raw = join(root, "Raw", video, clip);
  const found = listing.find(stem, CLIP_ENDINGS) ?? listing.find(raw, CLIP_ENDINGS);
  const expected = listing.has(dirname(raw)) && !listing.has(dirname(stem)) ? raw : stem;
  const file = found ?? `${expected}${CLIP_ENDINGS[0] ?? ""}`;
  return {
    files: { audio: file, vision: file },
    clip: file,
    transcript: listing.find(file.slice(0, -extname(file).length), transcriptEndings),
  };
}

/** Finds files by their name without ending. Lists each folder once. */
class FolderListing {
  private readonly folders = new Map<string, ReadonlySet<string>>();

  find(stem: string, endings: readonly string[]): string | undefined {
    const names = this.list(dirname(stem));
    const name = basename(stem);
    const ending = endings.find((candidate) => names.has(name + candidate));
    return ending === undefined ? undefined : stem + ending;
  }

  /** True if the folder exists and is not empty. */
  has(folder: string): boolean {
    return this.list(folder).size > 0;
  }

  private list(folder: string): ReadonlySet<string> {
    const known = this.folders.get(folder);
    if (known) return known;
    const names = new Set(namesIn(folder));
    this.folders.set(folder, names);
    return names;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the clips in it are missing: each reports its own error
  }
}

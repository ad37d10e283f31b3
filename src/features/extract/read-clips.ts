import { readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { transcriptEndings } from "../align/transcript.js";
import { usualModalities } from "../readable-modalities.js";
import type { MediaColumn } from "./media-columns.js";
import type { Sample, SampleSource } from "./sample.js";
import { readTable } from "../../data/formats/read-text.js";
import type { TextTable } from "../../data/formats/table.js";
import { ConfigError } from "../../core/errors.js";
import { optionalColumn, pathInside, RowChecker, textOf } from "./source-files.js";
import { type Grouping, seededSplits, splitOf, UNGROUPED } from "./split-rows.js";

export const LABEL_TABLE = "label.csv";

/** Containers that are looked for beside the names of the table, best first. */
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
  /** For splits that the source does not have. */
  readonly seed: number;
  /**
   * Column whose value rows of one split share, or "none"; by default a clip's video, or what the pattern of
   * the ids says.
   */
  readonly groupBy?: string | undefined;
  /** Columns of a table that are media; its column of texts where they are not said. */
  readonly media?: readonly MediaColumn[] | undefined;
}

/**
 * A folder of clips with a `label.csv` in MMSA-FET's columns: `video_id`, `clip_id`, `text`, `label`, `mode`
 * (train, valid, test), where a clip is `{video_id}/{clip_id}.mp4` or `Raw/{video_id}/{clip_id}.mp4` (or
 * another container). Without `mode`, a seeded split of 8 : 1 : 1.
 * @throws DataError for a table that cannot be read or lacks a column; a row that cannot be a sample is a
 * failure of that row
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
  const grouping = groupingOf(table, options, modes !== undefined) ?? { groups: videos, by: "video_id" };
  const drawn = modes === undefined ? seededSplits(ids, seed, grouping) : undefined;
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
  const notes = drawn === undefined ? [] : [`${table.name} has no column "mode": ${drawn.note}`];
  return {
    name: basename(root),
    samples,
    failures: rows.failures,
    modalities:
      texts === undefined && !samples.some(({ transcript }) => transcript !== undefined)
        ? usualModalities("audio", "video")
        : usualModalities("text", "audio", "video"),
    onRequest: usualModalities("text"), // of subtitles within the clips
    notes,
  };
}

/**
 * The groups that the options ask for; undefined where they leave them to the source.
 * @throws ConfigError where the source has splits already; DataError for a column that is not there
 */
export function groupingOf(
  table: TextTable,
  { groupBy }: SourceOptions,
  hasSplits: boolean,
): Grouping | typeof UNGROUPED | undefined {
  if (groupBy === undefined) return undefined;
  if (hasSplits)
    throw new ConfigError(
      "config.conflict",
      `${table.name} has a column of splits, and groups are to draw one`,
      {
        hint: "Leave --group-by out, or the column.",
      },
    );
  return groupBy === UNGROUPED ? UNGROUPED : { groups: table.column(groupBy), by: groupBy };
}

/** Names that make a path inside the folder; others are noted as failures. */
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
 * The clip, in either place, and what is beside it. A clip that is missing keeps its expected name: opening
 * it says so.
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

/** Looks for files by their name without its ending; every folder is listed once. */
class FolderListing {
  private readonly folders = new Map<string, ReadonlySet<string>>();

  find(stem: string, endings: readonly string[]): string | undefined {
    const names = this.list(dirname(stem));
    const name = basename(stem);
    const ending = endings.find((candidate) => names.has(name + candidate));
    return ending === undefined ? undefined : stem + ending;
  }

  /** Whether a folder is there, with anything in it. */
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
    return []; // the clips in it are missing, which is said of each
  }
}

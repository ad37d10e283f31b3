import { readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { transcriptEndings } from "../align/transcript.js";
import type { Sample, SampleSource } from "./sample.js";
import { optionalColumn, pathInside, readTableFile, RowChecker } from "./source-files.js";
import { seededSplits, splitOf } from "./split-rows.js";

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
}

/**
 * A folder of clips with a `label.csv` in MMSA-FET's columns: `video_id`, `clip_id`, `text`, `label`, `mode`
 * (train, valid, test), where a clip is `{video_id}/{clip_id}.mp4` or `Raw/{video_id}/{clip_id}.mp4` (or
 * another container). Without `mode`, a seeded split of 8 : 1 : 1.
 * @throws DataError for a table that cannot be read or lacks a column; a row that cannot be a sample is a
 * failure of that row
 */
export function readClips(folder: string, { label, seed }: SourceOptions): SampleSource {
  const root = resolve(folder);
  const table = readTableFile(join(root, LABEL_TABLE));
  const [videos, clips, labels] = [table.column("video_id"), table.column("clip_id"), table.column(label)];
  const texts = optionalColumn(table, "text");
  const modes = optionalColumn(table, "mode");
  const rows = new RowChecker();
  const listing = new FolderListing();
  const ids = videos.map((video, row) => `${video}$_$${clips[row] ?? ""}`);
  const splits = modes === undefined ? seededSplits([...new Set(ids)], seed) : undefined;
  const samples = ids.flatMap((id, row): Sample[] => {
    const place = `${table.name}, row ${row + 1}`;
    const mode = modes?.[row] ?? "";
    const split = splits?.get(id) ?? splitOf(mode);
    const [video, clip] = [videos[row] ?? "", clips[row] ?? ""];
    const isSafe = checkNames(root, video, clip, id, place, rows);
    if (isSafe && split === undefined)
      rows.refuse(id, "data.invalid-value", `${place}: the mode "${mode}" is none of train, valid and test`);
    if (!isSafe || split === undefined || !rows.accept(id, place)) return [];
    return [
      { id, split, label: labels[row] ?? "", text: texts?.[row], ...clipFiles(root, video, clip, listing) },
    ];
  });
  const notes =
    modes === undefined
      ? [`${table.name} has no column "mode": a split of 8 : 1 : 1 was drawn with seed ${seed}`]
      : [];
  return {
    name: basename(root),
    samples,
    failures: rows.failures,
    modalities: texts === undefined ? ["audio", "vision"] : ["text", "audio", "vision"],
    notes,
  };
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
): Pick<Sample, "files" | "transcript"> {
  const stem = join(root, video, clip);
  const found =
    listing.find(stem, CLIP_ENDINGS) ?? listing.find(join(root, "Raw", video, clip), CLIP_ENDINGS);
  const file = found ?? `${stem}${CLIP_ENDINGS[0] ?? ""}`;
  return {
    files: { audio: file, vision: file },
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

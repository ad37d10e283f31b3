import { basename, extname } from "node:path";
import { SPLIT_NAMES, type SplitName } from "../../data/dataset.js";
import { jsonLine } from "../../data/files/json-line.js";
import type { MediaColumn } from "../extract/media-columns.js";
import type { Sample, SampleSource } from "../extract/sample.js";

/** Sample of a corrupted copy of raw media. */
export interface CopiedSample {
  readonly sample: Sample;
  /** Paths of its files in the output folder, by modality. */
  readonly files: Readonly<Record<string, string>>;
  /** Corrupted texts, by modality. */
  readonly texts: Readonly<Record<string, string>>;
}

/** File of a table with its content. */
export interface TableFile {
  readonly name: string;
  readonly content: string;
}

/** Returns the names of the video and the clip in a sample's id. */
export function clipNames(id: string): readonly [video: string, clip: string] {
  const at = id.lastIndexOf(JOINT);
  return at < 0 ? ["", id] : [id.slice(0, at), id.slice(at + JOINT.length)];
}

const JOINT = "$_$";

interface TableForm {
  readonly layout: SampleSource["layout"];
  /** Path of the source. */
  readonly input: string;
  /** Columns of a table that hold media. */
  readonly columns?: readonly MediaColumn[] | undefined;
}

/** Columns of a table if the options name none. */
const TEXTS: readonly MediaColumn[] = [{ name: "text", kind: "text", column: "text" }];

/** Returns the tables of a copy, in the form of its source. */
export function tablesOf(
  { layout, input, columns = TEXTS }: TableForm,
  copied: readonly CopiedSample[],
): TableFile[] {
  if (layout === "clips") return clipTable(copied);
  return layout === "posts" ? postTables(copied) : mediaTable(input, columns, copied);
}

/** Returns a function that names the table of a sample. */
export function tableNamer(
  input: string,
  layout: SampleSource["layout"],
): (sample: Pick<Sample, "split">) => string {
  if (layout === "clips") return () => CLIPS;
  return layout === "posts" ? ({ split }) => postsName(split) : () => mediaName(input);
}

const CLIPS = "label.csv";

function postsName(split: SplitName): string {
  return `${split}.jsonl`;
}

function mediaName(input: string): string {
  return `${basename(input, extname(input))}.jsonl`;
}

/** Returns the `label.csv` of a folder of clips. It has a column of texts if any sample has one. */
function clipTable(samples: readonly CopiedSample[]): TableFile[] {
  const hasTexts = samples.some(({ texts }) => texts["text"] !== undefined);
  const head = ["video_id", "clip_id", ...(hasTexts ? ["text"] : []), "label", "mode"];
  const rows = samples.map(({ sample: { id, label, split }, texts }) => [
    ...clipNames(id),
    ...(hasTexts ? [texts["text"] ?? ""] : []),
    label,
    split,
  ]);
  return [{ name: CLIPS, content: [head, ...rows].map(csvLine).join("") }];
}

/** Returns the three tables of a folder of posts. */
function postTables(samples: readonly CopiedSample[]): TableFile[] {
  return SPLIT_NAMES.map((split) => ({
    name: postsName(split),
    content: samples
      .filter(({ sample }) => sample.split === split)
      .map(({ sample: { id, label }, texts, files }) =>
        jsonLine({ id, label, text: texts["text"], img: files["image"] }),
      )
      .join(""),
  }));
}

/** Returns the table of media, with the columns of the source table. */
function mediaTable(
  input: string,
  columns: readonly MediaColumn[],
  samples: readonly CopiedSample[],
): TableFile[] {
  return [
    {
      name: mediaName(input),
      content: samples
        .map(({ sample: { id, label, split }, texts, files }) => {
          const cells = columns.map(
            ({ name, column }) => [column, texts[name] ?? files[name] ?? ""] as const,
          );
          return jsonLine({ id, mode: split, label, ...Object.fromEntries(cells) });
        })
        .join(""),
    },
  ];
}

function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(",")}\n`;
}

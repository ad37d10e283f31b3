import { unicodeText } from "./text-encoding.js";

export type TextKindId =
  | "lfs"
  | "annex"
  | "html"
  | "xml"
  | "subtitles"
  | "textgrid"
  | "description"
  | "json-lines"
  | "json"
  | "table"
  | "text";

interface TextKind {
  readonly id: TextKindId;
  readonly what: string;
  readonly matches: (text: string) => boolean;
  readonly remedy: (name: string) => string;
}

const transcript = (name: string): string =>
  "Put a transcript next to its clip, under the name of the clip, or use euar predict clip.mp4 " +
  `--transcript ${name}.`;
const download = "This is a pointer to the data, not the data. Download the file itself:";

const textKinds: readonly TextKind[] = [
  {
    id: "lfs",
    what: "a git-lfs pointer",
    matches: (text) => text.startsWith("version https://git-lfs.github.com/spec/"),
    remedy: () => `${download} git lfs pull.`,
  },
  {
    id: "annex",
    what: "a git-annex or DVC pointer",
    matches: (text) => /^(\/annex\/objects\/|(\.\.\/){0,20}\.git\/annex\/|outs:\n- md5:)/.test(text),
    remedy: (name) => `${download} git annex get ${name}, or dvc pull.`,
  },
  {
    id: "html",
    what: "a web page (HTML)",
    matches: (text) => /^\s{0,100}(<!doctype html|<html|<head|<body)/i.test(text),
    remedy: () =>
      "A download returned a page instead of the file: a sign-in, a notice or an error. Open it in a " +
      "browser to see which, and download the file again.",
  },
  {
    id: "xml",
    what: "an XML or SVG text",
    matches: (text) => /^\s{0,100}<(\?xml|svg|[a-z]{1,20}[\s>])/i.test(text),
    remedy: () => "docs/formats.md and docs/extract.md list the formats that are read.",
  },
  {
    id: "subtitles",
    what: "a file of subtitles",
    matches: (text) =>
      text.startsWith("WEBVTT") ||
      /^\s{0,100}\[Script Info\]/i.test(text) ||
      /^\s{0,100}(\d{1,9}\s{1,4})?\d{1,4}:\d\d:\d\d[.,]\d{1,9} --> /.test(text),
    remedy: transcript,
  },
  {
    id: "textgrid",
    what: "a Praat TextGrid",
    matches: (text) => /^\s{0,20}File type = "ooTextFile/.test(text),
    remedy: transcript,
  },
  {
    id: "description",
    what: "a description of a data set",
    matches: (text) =>
      /^\s{0,100}\{/.test(text) &&
      /"(splits|all)"\s{0,20}:\s{0,20}\{/.test(text) &&
      /"features"\s{0,20}:/.test(text),
    remedy: (name) =>
      `It is read by euar inspect ${name} and euar train --data ${name}, if its name ends in .json.`,
  },
  {
    id: "json-lines",
    what: "a table of JSON lines",
    matches: (text) => {
      const [first = "", second = ""] = text.split("\n", 2);
      return first.startsWith("{") && first.trimEnd().endsWith("}") && second.startsWith("{");
    },
    remedy: (name) =>
      `Texts or posts with "text" and "label" make a data set: euar extract ${name} --out DATASET. ` +
      `Clips to score, one per line, go to euar predict --run RUN ${name} (files) or --features ` +
      `${name} (features).`,
  },
  {
    id: "json",
    what: "a JSON file",
    matches: (text) => /^\s{0,100}[{[]\s{0,100}(["{[\]}\d-]|$|true|false|null)/.test(text),
    remedy: (name) =>
      `The features of one clip go to euar predict --run RUN --features ${name}; a data set is ` +
      "described by a dataset.json (docs/formats.md).",
  },
  {
    id: "table",
    what: "a table of text columns",
    matches: isTable,
    remedy: (name) =>
      `With the columns "text" and "label" it makes a data set: euar extract ${name} --out DATASET ` +
      "(--label selects another column). A table that belongs to features must be named in a " +
      "dataset.json.",
  },
  {
    id: "text",
    what: "a plain text",
    matches: (text) => text.trim() !== "",
    remedy: () => "docs/formats.md and docs/extract.md list the formats that are read.",
  },
];

/** Returns the kind of a text by its first bytes; undefined for bytes that are not text. */
export function textKind(
  head: Uint8Array,
  name: string,
): (Pick<TextKind, "id" | "what"> & { remedy: string }) | undefined {
  const text = textOf(head)?.replace(/^\ufeff/, "");
  if (text === undefined || /[\0-\x08\x0e-\x1f\x7f]/.test(text)) return undefined;
  const found = textKinds.find(({ matches }) => matches(text));
  return found && { id: found.id, what: found.what, remedy: found.remedy(name) };
}

/** Decodes the first bytes of a file, which may end within a character of up to four bytes. */
function textOf(head: Uint8Array): string | undefined {
  for (let cut = 0; cut < 4 && cut < head.length; cut++) {
    const text = unicodeText(head.subarray(0, head.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Returns true for a header and a row with the same number of commas, tabs or semicolons. */
function isTable(text: string): boolean {
  const [header = "", row = ""] = text.split(/\r?\n/, 2);
  return ["\t", ",", ";"].some((mark) => {
    const columns = header.split(mark).length;
    return columns > 1 && row.split(mark).length >= columns;
  });
}

import { spreadWords } from "./sane-words.js";
import { type Cue, parseTime } from "./subtitle-cues.js";

const FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"];

/**
 * Reads the dialogue of an Advanced SubStation Alpha file (.ass, .ssa), in order of time. Skips override
 * tags, comments and drawings. The words of a line share its time in proportion to their lengths.
 */
export function parseAss(text: string): Cue[] {
  let fields: readonly string[] = FIELDS;
  const cues: (Cue & { start: number })[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, kind = "", rest = ""] = /^(Format|Dialogue):\s{0,9}(.*)$/i.exec(line) ?? [];
    if (kind.toLowerCase() === "format") {
      const named = rest.split(",").map((name) => name.trim().toLowerCase());
      if (named.includes("text") && named.includes("start")) fields = named;
    } else if (kind !== "") {
      const values = rest.split(",");
      const value = (name: string): string => values[fields.indexOf(name)] ?? "";
      const start = parseTime(value("start").trim());
      const spoken = spokenText(values.slice(fields.length - 1).join(","));
      const words = spreadWords(spoken, start, parseTime(value("end").trim()));
      cues.push({ text: words.map((word) => word.text).join(" "), words, start });
    }
  }
  return cues.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function spokenText(text: string): string {
  if (/\{[^{}]{0,200}\\p[1-9]/.test(text)) return ""; // a drawing
  return text.replace(/\{[^{}]{0,500}\}/g, "").replace(/\\[Nnh]/g, " ");
}

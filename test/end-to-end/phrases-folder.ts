import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "./npy-folder.js";

const PHRASES = [
  ["the film was good", 2],
  ["a good film", 1.5],
  ["not bad", 0.5],
  ["the films", 0],
  ["not good", -0.5],
  ["a bad film", -1.5],
  ["the film was bad bad", -2],
] as const;
const SAMPLES = 60;

/** Writes a data set of texts and three acoustic features into a new folder. */
export function writePhrases(folder: string): void {
  mkdirSync(folder);
  const rows = Array.from({ length: SAMPLES }, (_, i) => {
    const [text, label] = PHRASES[(i * 5) % PHRASES.length] ?? ["", 0];
    return [`s${i}`, text, label, i < 36 ? "train" : i < 48 ? "valid" : "test"].join("\t");
  });
  writeFileSync(join(folder, "utterances.tsv"), ["uid\ttext\tlabel\tsplit", ...rows, ""].join("\n"));
  const values = Array.from({ length: 3 * SAMPLES }, (_, i) => ((i * 37) % 19) / 9 - 1);
  writeNpy(join(folder, "audio.npy"), values, [SAMPLES, 3]);
  const description = {
    task: { kind: "regression" },
    all: { features: { audio: "audio.npy" }, table: "utterances.tsv" },
    columns: { id: "uid", text: "text", labels: "label", split: "split" },
  };
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(description));
}

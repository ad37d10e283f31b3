// Makes the training data of the real clip in `euar demo` (assets/demo-clip/training): node
// scripts/demo-clips.js [--work FOLDER]
// Needs FFmpeg, PocketSphinx with its test data, and the packages of the adapters. The files are features
// with 16 bits per number, not media.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { integerAt, randomKey, uniformAt } from "euar/tensor";
import { halfNpy } from "./lib/half-npy.js";
import { euar, root } from "./lib/result-rows.js";
import { faces, sentences, writeClip } from "./lib/speech-clips.js";

const { values: flags } = parseArgs({ options: { work: { type: "string" } } });
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-demo-clips-")));
const place = join(work, "clips");
const target = join(root, "assets/demo-clip/training");

/** Number of the sentence that the demo shows. It is not used here. */
const SHOWN = 1;
/** Clips of each half of a sentence, and the fewest and most words of a clip. */
const [PER_HALF, FEWEST_WORDS, MOST_WORDS] = [8, 3, 6];
/** Splits of ten texts without sound and picture, in turn. */
const TEXT_SPLITS = ["valid", "train", "test", "train", "train", "valid", "train", "train", "train", "train"];

/** Scores of words. The label of a clip is the sum over its words, limited to [-3, 3]. */
const scores = new Map([
  ...[
    ["cold", -1.5],
    ["selfish", -2],
    ["ill", -1.5],
  ],
  ...[
    ["amiable", 2],
    ["respectable", 1.5],
  ],
]);

/** Numbers of faces by split: calm ones, and smiling ones, which clips with a positive label have. */
const faceNumbers = { train: { calm: [0, 2], smiling: [1, 4] }, valid: { calm: [5], smiling: [3] } };

/** Kinds of corruption of the copies. The demo also shows typos, packet-loss and dark, which are new. */
const copies = {
  text: ["blank-words", "truncated", "recognition-errors", "replace-words"],
  audio: ["white-noise", "mute", "low-pass", "clipping"],
  vision: ["blur", "gaussian-noise", "occlusion", "low-resolution"],
};

/** Writes clips of some neighbouring words. The first halves of sentences train, the second ones validate. */
function makeClips() {
  return sentences(work).flatMap(({ sound, words }, sentence) => {
    if (sentence === SHOWN) return [];
    const middle = Math.ceil(words.length / 2);
    const halves = { train: words.slice(0, middle), valid: words.slice(middle) };
    return Object.entries(halves).flatMap(([split, own]) =>
      Array.from({ length: PER_HALF }, (_, n) => {
        const key = randomKey(1, `demo-clip/${sentence}/${split}/${n}`);
        const most = Math.min(MOST_WORDS, own.length);
        const count = FEWEST_WORDS + integerAt(key, 0, most - FEWEST_WORDS + 1);
        const first = integerAt(key, 1, own.length - count + 1);
        const chosen = own.slice(first, first + count);
        const sum = chosen.reduce((total, { text }) => total + (scores.get(text) ?? 0), 0);
        const label = Math.max(-3, Math.min(3, sum));
        const list = faceNumbers[split][label > 0 ? "smiling" : "calm"];
        const face = faces[list[integerAt(key, 2, list.length)]];
        const [start, end] = [Math.max(0, chosen[0].start - 0.1), chosen.at(-1).end + 0.1];
        const folder = join(place, `${split}-${sentence}`);
        mkdirSync(folder, { recursive: true });
        writeClip(join(folder, `${n}.mp4`), { sound, start, end, face, phase: uniformAt(key, 3) });
        const text = chosen.map((word) => word.text).join(" ");
        return `${split}-${sentence},${n},${text},${label},${split}`;
      }),
    );
  });
}

const clips = makeClips();
const [, ...lines] = readFileSync(join(root, "scripts/demo-sentences.tsv"), "utf8").trim().split("\n");
const texts = lines.map((line, n) => {
  const [text, label] = line.split("\t");
  return `text-${n},0,${text},${label},${TEXT_SPLITS[n % TEXT_SPLITS.length]}`;
});
writeFileSync(
  join(place, "label.csv"),
  ["video_id,clip_id,text,label,mode", ...clips, ...texts].join("\n").concat("\n"),
);

const data = join(work, "data");
euar(
  ...["extract", place, "--out", data, "--cache", join(work, "cache"), "--overwrite"],
  ...["--audio", "audio/log-mel:summary=statistics,vad=silero", "--fps", "0.5", "--pool", "mean"],
  ...["--copies-per-sample", "2", "--workers", "1"],
  ...[
    "--copies",
    Object.entries(copies)
      .flatMap(([name, kinds]) => kinds.map((k) => `${name}=${k}`))
      .join(),
  ],
);

// only what training reads: no quality, no lists of unread files
rmSync(target, { recursive: true, force: true });
const description = JSON.parse(readFileSync(join(data, "dataset.json"), "utf8"));
delete description.quality;
for (const part of [...Object.values(description.splits), description.copies]) {
  delete part.quality;
  for (const file of [...Object.values(part.features), ...Object.values(part.masks), part.table]) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    const bytes = readFileSync(join(data, file));
    writeFileSync(join(target, file), file.endsWith(".npy") ? halfNpy(bytes) : bytes);
  }
}
description.name = "demo clips";
writeFileSync(join(target, "dataset.json"), `${JSON.stringify(description, null, 1)}\n`);

// Measures on real clips whether the doubts name the damaged input, and writes the tables of
// docs/real-clips.md: node scripts/real-clips.js --labels RUN --encoder FOLDER --texts FILE [--clips 12]
// [--folds 0,1,2,3,4] [--work FOLDER]
// RUN is a run that scores texts: its predictions for the transcripts are the labels. FOLDER has a text
// encoder in the layout of model hubs. FILE is a table (.tsv) of transcripts with the columns uid, text,
// label and std_split. Damage, training and prediction need FFmpeg, PocketSphinx with its test data, and the
// packages of the default adapters.
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Predictor } from "euar";
import { damageMedium, soundDamages, textDamages, videoDamages } from "euar/data";
import { integerAt, randomKey, uniformAt } from "euar/tensor";
import { reportLines } from "./lib/doubt-report.js";
import { euar, keep, writeSection } from "./lib/result-rows.js";
import { cutTexts, decodeClip, fps, makeClips, videoOf, writeTable } from "./lib/speech-clips.js";

const { values: flags } = parseArgs({
  options: {
    labels: { type: "string", default: "" },
    encoder: { type: "string", default: "" },
    texts: { type: "string", default: "" },
    clips: { type: "string", default: "12" },
    folds: { type: "string", default: "0,1,2,3,4" },
    work: { type: "string" },
  },
});
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-clips-")));
mkdirSync(work, { recursive: true });

/** Layer of the text encoder. */
const LAYER = 3;
/** Texts without sound and picture, by split. */
const TEXTS = { train: 1200, valid: 300 };

/** Kinds met in training, and kinds that only the test has. */
const kinds = {
  text: {
    met: ["blank-words", "typos", "recognition-errors", "truncated", "replace-words"],
    new: ["remove-words", "other-language", "wrong-text"],
  },
  audio: {
    met: ["white-noise", "babble", "mute", "low-pass", "clipping", "packet-loss"],
    new: ["pink-noise", "telephone", "reverberation", "quiet", "sudden-noise"],
  },
  vision: {
    met: ["blur", "dark", "gaussian-noise", "occlusion", "low-resolution"],
    new: ["bright", "motion-blur", "salt-and-pepper", "jpeg-blocks", "inverted-colours"],
  },
};
const series = ["met", "new"];

const clips = makeClips(work, Number(flags.clips));
const sentenceCount = new Set(clips.map(({ sentence }) => sentence)).size;

/** Each fold tests on one sentence, validates on two and trains on two. */
const splitOf = (fold) => (sentence) =>
  ["test", "valid", "valid"][(sentence - fold + sentenceCount) % sentenceCount] ?? "train";

const [header, ...lines] = readFileSync(flags.texts, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t"));
const transcripts = lines.map((cells) => ({
  id: cells[header.indexOf("uid")],
  text: cells[header.indexOf("text")],
  split: cells[header.indexOf("std_split")],
  label: cells[header.indexOf("label")],
}));
const texts = cutTexts(transcripts, TEXTS);

const labels = new Map();
const scorer = await Predictor.load(flags.labels, { task: "regression" });
for (const { text } of clips) {
  if (labels.has(text)) continue;
  const { prediction } = await scorer.predictMedia({ text });
  labels.set(text, prediction.toFixed(3));
}
await scorer.close();

const copies = Object.entries(kinds).flatMap(([modality, { met }]) =>
  met.map((kind) => `${modality}=${kind}`),
);

/** Extracts the features of a fold, with corrupted copies, and trains on them. */
function trainFold(fold) {
  const place = join(work, `fold-${fold}`);
  writeTable(join(place, "clips"), clips, texts, splitOf(fold), labels);
  const [data, run] = [join(place, "data"), join(place, "run")];
  euar(
    ...["extract", join(place, "clips"), "--out", data, "--cache", join(work, "cache")],
    ...["--text", `text/encoder:folder=${flags.encoder},layer=${LAYER}`],
    ...["--audio", "audio/log-mel:summary=statistics", "--fps", String(fps), "--pool", "mean"],
    ...["--copies", copies.join(","), "--copies-per-sample", "3", "--workers", "1", "--overwrite"],
  );
  const model = ["--model", "euar", "--preset", "precision", "--select-by", "last", "--arithmetic", "fast"];
  euar("train", "--data", data, ...model, "--out", run, "--overwrite");
  return run;
}

/** Returns one input of a clip, damaged. */
function damagedInput(clip, other, modality, { kind, severity }) {
  const { text, audio, frames } = clip.decoded;
  const steps = [{ kind, severity }];
  const draw = { seed: 1, modality, id: clip.id };
  if (modality === "text") {
    const media = { medium: { text }, other: { text: other.text } };
    return { text: damageMedium(textDamages, media, steps, draw) };
  }
  if (modality === "audio") {
    const media = { medium: audio, other: other.decoded.audio };
    return { audio: damageMedium(soundDamages, media, steps, draw) };
  }
  return { video: damageMedium(videoDamages, { medium: videoOf(frames) }, steps, draw) };
}

const round = (value) => Number(value.toPrecision(4));

/** Returns the doubts of a prediction in their order. */
async function measure(predictor, media, checkTranscript) {
  const { doubted } = await predictor.predictMedia(media, { checkTranscript, reuse: true });
  return doubted.map(({ modality, reasons }) => ({
    modality,
    reasons: reasons.map(({ kind, code, severity }) => ({ kind, code, severity: round(severity) })),
  }));
}

/** Measures a sample without and with the comparison of text and speech. */
const measureBoth = async (predictor, media) => ({
  alone: await measure(predictor, media, false),
  checked: await measure(predictor, media, true),
});

/** Draws a damage of at least half the largest severity. */
function drawDamage(id, modality, name) {
  const key = randomKey(1, `damage/${id}/${modality}/${name}`);
  const list = kinds[modality][name];
  const severity = round(0.5 + 0.5 * uniformAt(key, 1));
  return { modality, series: name, kind: list[integerAt(key, 0, list.length)], severity };
}

async function measureClip(predictor, clip, other) {
  const { text, audio, frames } = clip.decoded;
  const clean = { text: { text }, audio, video: videoOf(frames) };
  const cases = [{ id: clip.id, damage: null, ...(await measureBoth(predictor, clean)) }];
  for (const modality of Object.keys(kinds))
    for (const name of series) {
      const damage = drawDamage(clip.id, modality, name);
      const damaged = damagedInput(clip, other, modality, damage);
      // a damage that leaves all words as they are is none
      if (damaged.text?.text === text) continue;
      cases.push({ id: clip.id, damage, ...(await measureBoth(predictor, { ...clean, ...damaged })) });
    }
  return cases;
}

const cases = [];
const folds = flags.folds.split(",").map(Number);
for (const fold of folds) {
  const predictor = await Predictor.load(trainFold(fold));
  const own = clips.filter(({ sentence }) => splitOf(fold)(sentence) === "test");
  const others = clips.filter(({ sentence }) => sentence === (fold + 1) % sentenceCount);
  for (const [n, clip] of own.entries()) {
    const other = others[n];
    clip.decoded = decodeClip(clip);
    other.decoded = decodeClip(other);
    cases.push(...(await measureClip(predictor, clip, other)));
    delete clip.decoded;
    delete other.decoded;
    process.stderr.write(`fold ${fold}: ${n + 1} of ${own.length} clips\n`);
  }
  await predictor.close();
  keep("real-clips", { clips: clips.length, folds: folds.slice(0, folds.indexOf(fold) + 1), cases });
  writeSection("docs/real-clips.md", "doubts", reportLines(cases)); // the folds so far
}

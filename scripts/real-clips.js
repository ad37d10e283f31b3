// Measures on real clips whether the doubts name the damaged input, and writes the tables of
// docs/real-clips.md: node scripts/real-clips.js --labels RUN [--clips 12] [--folds 5] [--work FOLDER]
// RUN is a run that scores texts: its predictions for the transcripts are the labels. Damage, training and
// prediction need FFmpeg, PocketSphinx with its test data, and the packages of the default adapters.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Predictor } from "euar";
import { damageMedium, soundDamages, textDamages, videoDamages } from "euar/data";
import { integerAt, randomKey, uniformAt } from "euar/tensor";
import { reportLines } from "./lib/doubt-report.js";
import { euar, keep, writeSection } from "./lib/result-rows.js";
import { decodeClip, fps, makeClips, videoOf, writeTable } from "./lib/speech-clips.js";

const { values: flags } = parseArgs({
  options: {
    labels: { type: "string", default: "" },
    clips: { type: "string", default: "12" },
    folds: { type: "string" },
    work: { type: "string" },
  },
});
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-clips-")));
mkdirSync(work, { recursive: true });

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
  writeTable(join(place, "clips"), clips, splitOf(fold), labels);
  const [data, run] = [join(place, "data"), join(place, "run")];
  euar(
    ...["extract", join(place, "clips"), "--out", data, "--cache", join(work, "cache")],
    ...["--audio", "audio/log-mel:summary=statistics", "--fps", String(fps), "--pool", "mean"],
    ...["--copies", copies.join(","), "--copies-per-sample", "3", "--workers", "1", "--overwrite"],
  );
  const model = ["--model", "euar", "--preset", "precision"];
  euar("train", "--data", data, ...model, "--out", run, "--overwrite");
  return run;
}

/** Returns one input of a clip, damaged if a damage is given. */
function inputOf(clip, other, modality, damage) {
  const { text, audio, frames } = clip.decoded;
  const steps = damage === undefined ? [] : [{ kind: damage.kind, severity: damage.severity }];
  const draw = { seed: 1, modality, id: clip.id };
  if (modality === "text") {
    const media = { medium: { text }, other: { text: other.decoded.text } };
    return { text: damageMedium(textDamages, media, steps, draw) };
  }
  if (modality === "audio") {
    const media = { medium: audio, other: other.decoded.audio };
    return { audio: damageMedium(soundDamages, media, steps, draw) };
  }
  return { video: damageMedium(videoDamages, { medium: videoOf(frames) }, steps, draw) };
}

/** Median and spread of the logarithm of an uncertainty on the validation samples. */
function usual(table) {
  const [low, middle, high] = [16, 50, 84].map((percent) => Math.log(table[percent]));
  return { middle, spread: Math.max((high - low) / 2, 1e-6) };
}

/** Describes what a prediction says about one input. */
function inputState(predictor, modality, { modalities, doubted }) {
  const { present, uncertainty, percentile, quality } = modalities[modality];
  const { middle, spread } = usual(predictor.calibration.uncertainty[modality]);
  const problems = quality?.problems ?? [];
  return {
    present,
    percentile,
    deviations: uncertainty === null ? null : round((Math.log(uncertainty) - middle) / spread),
    problems: problems.map(({ code, severity }) => ({ code, severity: round(severity) })),
    reasons: doubted.find((doubt) => doubt.modality === modality)?.reasons.map(({ kind }) => kind) ?? [],
  };
}

/**
 * Measures one input alone. What a prediction says about an input does not depend on the others, which is
 * checked on clean clips.
 */
async function measureInput(predictor, clip, other, modality, damage) {
  try {
    const answer = await predictor.predictMedia(inputOf(clip, other, modality, damage));
    return inputState(predictor, modality, answer);
  } catch (error) {
    if (error.code !== "data.empty") throw error; // no input of the sample can be used
    return { present: false, percentile: null, deviations: null, problems: [], reasons: ["unusable"] };
  }
}

const round = (value) => Number(value.toPrecision(4));

/** Draws a damage of at least half the largest severity. */
function drawDamage(id, modality, name) {
  const key = randomKey(1, `damage/${id}/${modality}/${name}`);
  const list = kinds[modality][name];
  const severity = round(0.5 + 0.5 * uniformAt(key, 1));
  return { modality, series: name, kind: list[integerAt(key, 0, list.length)], severity };
}

async function measureClip(predictor, clip, other) {
  const clean = {};
  for (const modality of Object.keys(kinds))
    clean[modality] = await measureInput(predictor, clip, other, modality);
  const cases = [{ id: clip.id, damage: null, inputs: clean }];
  for (const modality of Object.keys(kinds))
    for (const name of series) {
      const damage = drawDamage(clip.id, modality, name);
      const damaged = await measureInput(predictor, clip, other, modality, damage);
      cases.push({ id: clip.id, damage, inputs: { ...clean, [modality]: damaged } });
    }
  return cases;
}

/** Checks on a whole clip that its inputs are described as they are alone. */
async function checkAlone(predictor, clip, other, [{ inputs }]) {
  const all = Object.keys(kinds).map((modality) => inputOf(clip, other, modality));
  const whole = await predictor.predictMedia(Object.assign({}, ...all));
  for (const [modality, alone] of Object.entries(inputs))
    assert.deepEqual(inputState(predictor, modality, whole), alone);
}

const cases = [];
const folds = Number(flags.folds ?? sentenceCount);
for (let fold = 0; fold < folds; fold++) {
  const predictor = await Predictor.load(trainFold(fold));
  const own = clips.filter(({ sentence }) => splitOf(fold)(sentence) === "test");
  for (const clip of own) clip.decoded = decodeClip(clip);
  for (const [n, clip] of own.entries()) {
    const other = own[(n + 1) % own.length];
    const measured = await measureClip(predictor, clip, other);
    if (n === 0) await checkAlone(predictor, clip, other, measured);
    cases.push(...measured);
    process.stderr.write(`fold ${fold}: ${n + 1} of ${own.length} clips\n`);
  }
  for (const clip of own) delete clip.decoded;
  await predictor.close();
  keep("real-clips", { clips: clips.length, folds: fold + 1, cases }); // the folds so far
}

writeSection("docs/real-clips.md", "doubts", reportLines(cases));

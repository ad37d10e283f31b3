// Makes short clips of real speech and real faces: sentences of LibriVox (Debian's pocketsphinx-testdata),
// cut at words, and faces of the pictures of @vladmandic/human. Needs FFmpeg and PocketSphinx.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { integerAt, randomKey } from "euar/tensor";
import { euar } from "./result-rows.js";

const speech = "/usr/share/pocketsphinx/test/data/librivox";
const pictures = new URL("../../node_modules/@vladmandic/human/assets/", import.meta.url).pathname;
/** Left edges of five faces in one picture, and a face of another one: FFmpeg's width:height:left:top. */
export const faces = [
  ...[8, 165, 322, 479, 636].map((left) => ({
    image: "screenshot-facedetect.jpg",
    crop: `150:150:${left}:347`,
  })),
  { image: "screenshot-faceid.jpg", crop: "138:138:14:143" },
];
const [FEWEST_WORDS, MOST_WORDS] = [4, 7];
/** Sampling rate of the sound, in Hz, and frames per second that adapters read. */
export const [sampleRate, fps] = [16000, 2];
const side = 320;

/** Runs FFmpeg and returns what it writes to its output. */
export function ffmpeg(...args) {
  const run = spawnSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], { maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

/** Returns the sentences with the times of their words, from forced alignment. */
export function sentences(work) {
  const lines = readFileSync(join(speech, "transcription"), "utf8").trim().split("\n");
  return lines.map((line) => {
    const [, text, name] = /^<s> (.*) <\/s> \((.*)\)$/.exec(line) ?? [];
    const sound = join(work, `${name}.wav`);
    if (!existsSync(sound)) {
      copyFileSync(join(speech, `${name}.wav`), sound);
      euar("align", sound, "--text", text);
    }
    const { words } = JSON.parse(readFileSync(sound.replace(/wav$/, "json"), "utf8"));
    return { sound, words };
  });
}

/**
 * Writes a clip of a part of a sound with a face that sways, unless the file exists.
 * @param part the sound's file, its start and end in seconds, an entry of `faces`, and the start of the sway
 */
export function writeClip(file, { sound, start, end, face: { image, crop }, phase }) {
  if (existsSync(file)) return;
  const sway =
    `crop=${crop},scale=380:380:flags=lanczos,` +
    `crop=${side}:${side}:x='30+25*sin(2*PI*(t/3+${phase}))':y='30+20*cos(2*PI*(t/2+${phase}))'`;
  const seconds = String(end - start);
  const picture = ["-loop", "1", "-framerate", "25", "-i", join(pictures, image)];
  const voice = ["-ss", String(start), "-t", seconds, "-i", sound];
  const coding = ["-t", seconds, "-preset", "ultrafast", "-crf", "15", "-c:a", "aac", "-b:a", "96k"];
  ffmpeg(...picture, ...voice, "-vf", `${sway},format=yuv420p`, ...coding, file);
}

/**
 * Writes `perSentence` clips of each sentence: some neighbouring words, with a face that sways.
 * @returns clips with their id, sentence, text and file
 */
export function makeClips(work, perSentence) {
  mkdirSync(join(work, "media"), { recursive: true });
  return sentences(work).flatMap(({ sound, words }, sentence) =>
    Array.from({ length: perSentence }, (_, n) => {
      const key = randomKey(1, `clip/${sentence}/${n}`);
      const count = FEWEST_WORDS + integerAt(key, 0, MOST_WORDS - FEWEST_WORDS + 1);
      const first = integerAt(key, 1, words.length - count + 1);
      const chosen = words.slice(first, first + count);
      const [start, end] = [Math.max(0, chosen[0].start - 0.1), chosen.at(-1).end + 0.1];
      const face = faces[integerAt(key, 2, faces.length)];
      const file = join(work, "media", `${sentence}-${n}.mp4`);
      writeClip(file, { sound, start, end, face, phase: integerAt(key, 3, 100) / 100 });
      const text = chosen.map((word) => word.text).join(" ");
      return { id: `${sentence}$_$${n}`, sentence, n, text, file };
    }),
  );
}

/** Decodes a clip: all samples of its sound, and the frames that adapters read. */
export function decodeClip({ file, text }) {
  const sound = ffmpeg("-i", file, "-ac", "1", "-ar", String(sampleRate), "-f", "f32le", "-");
  const samples = new Float32Array(sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.length));
  const bytes = ffmpeg("-i", file, "-vf", `fps=${fps}`, "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
  const size = side * side * 3;
  const frames = Array.from({ length: bytes.length / size }, (_, i) => ({
    time: i / fps,
    image: { width: side, height: side, rgb: new Uint8Array(bytes.subarray(i * size, (i + 1) * size)) },
  }));
  return { text, audio: { samples, sampleRate }, frames };
}

/** Video of decoded frames, as adapters read it. */
export function videoOf(frames) {
  return {
    seconds: frames.length / fps,
    async *[Symbol.asyncIterator]() {
      yield* frames;
    },
  };
}

/**
 * Cuts texts out of transcripts as clips are cut out of sentences: some neighbouring words in small letters.
 * @param rows transcripts, each with `id`, `text`, `label` and `split`
 * @returns at most `count` texts per split, with the id, the text, the label and the split
 */
export function cutTexts(rows, count) {
  const left = new Map(Object.entries(count));
  return rows.flatMap(({ id, text, label, split }) => {
    const words = text.toLowerCase().match(/[a-z']+/g) ?? [];
    if (words.length < FEWEST_WORDS || !(left.get(split) > 0)) return [];
    left.set(split, left.get(split) - 1);
    const key = randomKey(1, `text/${id}`);
    const size = Math.min(words.length, FEWEST_WORDS + integerAt(key, 0, MOST_WORDS - FEWEST_WORDS + 1));
    const first = integerAt(key, 1, words.length - size + 1);
    return [{ id, text: words.slice(first, first + size).join(" "), label, split }];
  });
}

/**
 * Writes the clips' table, with the split of each sentence, next to copies of the media, and rows of texts
 * that have neither sound nor picture.
 */
export function writeTable(folder, clips, texts, splitOf, labels) {
  mkdirSync(folder, { recursive: true });
  const rows = clips.map(({ sentence, n, text, file }) => {
    const media = join(folder, String(sentence));
    mkdirSync(media, { recursive: true });
    if (!existsSync(join(media, `${n}.mp4`))) copyFileSync(file, join(media, `${n}.mp4`));
    return `${sentence},${n},${text},${labels.get(text)},${splitOf(sentence)}`;
  });
  const more = texts.map(({ id, text, label, split }) => `text-${id},0,${text},${label},${split}`);
  writeFileSync(
    join(folder, "label.csv"),
    ["video_id,clip_id,text,label,mode", ...rows, ...more].join("\n").concat("\n"),
  );
}

// Makes clips for a toy model: FFmpeg's speech synthesis speaks a text over a swaying face, taken from the
// pictures of an installed package. Positive texts come with a smiling face and a fast voice, negative ones
// with another face and a slow voice.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { toyText } from "./toy-texts.js";

const FACES = "@vladmandic/human/assets";
const PICTURE = "screenshot-facedetect.jpg";
/** By mood: position of the face (FFmpeg's crop), score, and speed of the voice. */
const kinds = {
  positive: { crop: "150:150:479:347", label: 2, tempo: 1.15 },
  negative: { crop: "150:150:8:347", label: -2, tempo: 0.85 },
  neutral: { crop: "150:150:8:347", label: 0, tempo: 1 },
};
const voices = ["kal", "slt", "rms", "awb"];

/**
 * Returns the reason why clips cannot be made here.
 * @returns {string | undefined} the reason; undefined if they can
 */
export function toyClipsUnavailable() {
  const { status, stdout } = spawnSync("ffmpeg", ["-hide_banner", "-filters"], { encoding: "utf8" });
  if (status !== 0) return "ffmpeg is not installed";
  if (!/^\s*\S+\s+flite\s/mu.test(stdout))
    return "this ffmpeg was built without the voice (libflite) that speaks the texts of the toy clips";
  return faceFolder() === undefined ? "the package @vladmandic/human is not installed" : undefined;
}

/**
 * Writes a folder in the form that `euar extract` reads: label.csv and clips.
 * @param {string} folder
 * @param {{ train: number, valid: number, test: number }} sizes
 */
export function writeToyClips(folder, sizes) {
  mkdirSync(join(folder, "toy"), { recursive: true });
  const rows = ["video_id,clip_id,text,label,mode"];
  for (const [mode, size] of Object.entries(sizes)) {
    for (let i = 0; i < size; i++) {
      const number = rows.length - 1;
      const { mood, text } = toyText(number);
      makeToyClip(join(folder, "toy", `${number}.mp4`), { mood, text, seed: number });
      rows.push(`toy,${number},"${text}",${kinds[mood].label},${mode}`);
    }
  }
  writeFileSync(join(folder, "label.csv"), `${rows.join("\n")}\n`);
}

/**
 * Makes a clip of 320 x 320 at 10 frames per second, as long as its spoken text.
 * @param {string} path
 * @param {{ mood: string, text: string, seed: number }} options
 */
export function makeToyClip(path, { mood, text, seed }) {
  const { crop, tempo } = kinds[mood];
  const speech =
    `flite=text='${text.replaceAll(/[^\w ,]/gu, "")}':voice=${voices[seed % voices.length]}`.replaceAll(
      ",",
      "\\,",
    );
  const light = `eq=brightness=${(((seed * 7) % 11) - 5) / 60}:contrast=${1 + ((seed * 5) % 7) / 30}`;
  const across = `30+${8 + (seed % 5) * 4}*sin(2*PI*t/${2 + (seed % 3)})`;
  const down = `30+${6 + (seed % 4) * 5}*cos(2*PI*t/2)`;
  const sway = `crop=320:320:x='${across}':y='${down}'`;
  ffmpeg(
    ...[
      "-loop",
      "1",
      "-framerate",
      "10",
      "-i",
      join(faceFolder() ?? "", PICTURE),
      "-f",
      "lavfi",
      "-i",
      speech,
      "-map",
      "0:v",
      "-map",
      "1:a",
      "-shortest",
    ],
    ...[
      "-vf",
      `crop=${crop},scale=380:380:flags=lanczos,${sway},${light},format=yuv420p`,
      "-af",
      `atempo=${tempo},aresample=16000`,
      "-preset",
      "ultrafast",
      path,
    ],
  );
}

/**
 * Runs FFmpeg.
 * @throws Error with its output
 */
function ffmpeg(...args) {
  const { status, stderr } = spawnSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${stderr}`);
}

function faceFolder() {
  const folders = createRequire(import.meta.url).resolve.paths(FACES) ?? [];
  return folders.map((folder) => join(folder, FACES)).find((folder) => existsSync(join(folder, PICTURE)));
}

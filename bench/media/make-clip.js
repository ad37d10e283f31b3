import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const clipSeconds = 10;

const speechFolder = "/usr/share/pocketsphinx/test/data/librivox";
const spoken = [
  {
    file: "sense_and_sensibility_01_austen_64kb-0870.wav",
    text:
      "and mister john dashwood had then leisure to consider how much there might be prudently in his " +
      "power to do for them",
  },
  { file: "sense_and_sensibility_01_austen_64kb-0880.wav", text: "he was not an ill disposed young man" },
];
/** Buzz of 120 Hz with rising and falling pitch, in syllables. */
const buzz =
  "aevalsrc='0.3*(0.6+0.4*sin(2*PI*4*t))*(mod(t*120+3*sin(2*PI*0.5*t),1)-0.5)':sample_rate=16000:duration=10";

/**
 * Writes ten seconds of 480 x 480 at 25 frames per second: the camera sways over a face while a person reads
 * (LibriVox, in Debian's pocketsphinx-testdata). Without that package, a buzz replaces the voice.
 * @returns {{ text: string, sound: string }} the spoken text, and the kind of sound
 */
export function makeClip(path) {
  const picture = new URL(
    "../../node_modules/@vladmandic/human/assets/screenshot-facedetect.jpg",
    import.meta.url,
  ).pathname;
  const sway = [
    "crop=150:150:8:347",
    "scale=560:560:flags=lanczos",
    "crop=480:480:x='40+30*sin(2*PI*t/3)':y='40+20*cos(2*PI*t/2)'",
    "format=yuv420p",
  ].join(",");
  const real = existsSync(speechFolder);
  const sounds = real
    ? spoken.flatMap(({ file }) => ["-i", join(speechFolder, file)])
    : ["-f", "lavfi", "-i", buzz];
  const joined = real ? "[1:a][2:a]concat=n=2:v=0:a=1[a]" : "[1:a]anull[a]";
  run([
    "-loop",
    "1",
    "-framerate",
    "25",
    "-i",
    picture,
    ...sounds,
    "-filter_complex",
    `[0:v]${sway}[v];${joined}`,
    "-map",
    "[v]",
    "-map",
    "[a]",
    "-t",
    String(clipSeconds),
    "-preset",
    "ultrafast",
    path,
  ]);
  return { text: spoken.map(({ text }) => text).join(" "), sound: real ? "speech" : "a buzz" };
}

/** Writes one second of a clip, starting at a given second. */
export function cutSecond(from, second, to) {
  run(["-ss", String(second), "-i", from, "-t", "1", "-preset", "ultrafast", to]);
}

function run(args) {
  const { status, stderr, error } = spawnSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], {
    encoding: "utf8",
  });
  if (error || status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${error?.message ?? stderr}`);
}

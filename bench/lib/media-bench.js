import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { clipSeconds } from "../media/make-clip.js";
import { pinned, startContestant } from "./child.js";
import { describeMachine } from "./machine.js";
import { mediaRun } from "./media-run.js";
import { median, quantile, significant } from "./statistics.js";

const here = new URL("..", import.meta.url).pathname;
/** Cases to time: subsets of the modalities. */
const parts = [["text", "audio", "video"], ["text"], ["audio"], ["video"]];
const framesPerSecond = 5;
const adapterPackages = [
  "@vladmandic/human",
  "@tensorflow/tfjs-backend-wasm",
  "onnxruntime-web",
  "@ricky0123/vad-web",
  "@energetic-ai/core",
];

/**
 * Times the prediction of a ten-second clip on two cores: seconds of the clip per second of work, with loaded
 * adapters and from the start of a process, and the model's share of the time.
 * @param {{ rounds: number, log: (line: string) => void }} options
 */
export async function benchMedia({ rounds, log }) {
  log("media");
  const cores = cpus().length > 2 && process.platform === "linux" ? "0,1" : undefined;
  const machine = describeMachine();
  const { folder, run, clip, text, sound } = mediaRun();
  const child = startContestant("euar", process.execPath, [`${here}media/score.js`, run, clip, text], cores);
  try {
    const expected = check(await child.ask({ modalities: parts[0] }), sound);
    log(`  the whole clip is read: ${Object.keys(expected.used).join(", ")}`);
    const warm = new Map(parts.map((part) => [part.join(", "), []]));
    const cold = [];
    for (let round = -1; round < rounds; round++) {
      for (const modalities of parts) {
        const { prediction, seconds } = await child.ask({ modalities });
        if (modalities === parts[0]) same(prediction, expected.prediction);
        if (round >= 0) warm.get(modalities.join(", ")).push(seconds);
      }
      const { prediction, elapsed } = timeCommand(
        ["predict", "--run", run, clip, "--text", text, "--json"],
        cores,
      );
      same(prediction, expected.prediction);
      if (round >= 0) cold.push(elapsed);
    }
    const rows = [...warm].map(([name, seconds]) => ({
      name,
      ...realTime(seconds.map(({ features }) => features)),
      cpuFactor: significant(clipSeconds / median(seconds.map(({ cpu }) => cpu))),
      modelShare: significant(median(seconds.map(({ features, model }) => model / (features + model)))),
    }));
    rows.push({ name: "euar predict", ...realTime(cold) });
    for (const { name, factor, cpuFactor, modelShare } of rows)
      log(
        `  ${name.padEnd(28)} ${factor} x real time` +
          (modelShare === undefined
            ? ""
            : ` (in processor time ${cpuFactor} x), of which the model ${(100 * modelShare).toFixed(2)}%`),
      );
    return {
      date: new Date().toISOString(),
      machine,
      versions: versions(),
      clip: { seconds: clipSeconds, framesPerSecond, sound },
      rows,
    };
  } finally {
    child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checks that every second of the clip is read, before anything is timed. */
function check(answer, sound) {
  const { text, audio, vision } = answer.used;
  const frames = clipSeconds * framesPerSecond;
  if (!text || !vision || vision.frames !== frames || vision.faceShare !== 1)
    throw new Error(
      `a face in ${frames} frames and a text were expected, got ${JSON.stringify(answer.used)}`,
    );
  if (sound === "speech" && !(audio?.speechSeconds > clipSeconds / 2))
    throw new Error(`speech was expected, got ${JSON.stringify(audio)}`);
  return answer;
}

function same(prediction, expected) {
  if (prediction !== expected)
    throw new Error(`the clip's prediction was ${expected}, and then ${prediction}`);
}

/** Returns seconds of the clip per second of work. */
function realTime(seconds) {
  const factors = seconds.map((value) => clipSeconds / value);
  return {
    medianSeconds: significant(median(seconds)),
    factor: significant(median(factors)),
    factorRange: [significant(quantile(factors, 0.25)), significant(quantile(factors, 0.75))],
  };
}

function timeCommand(args, cores) {
  const [file, list] = pinned(cores, process.execPath, [`${here}../bin/euar.js`, ...args]);
  const from = performance.now();
  const { stdout, stderr, status, error } = spawnSync(file, list, { encoding: "utf8" });
  const elapsed = (performance.now() - from) / 1000;
  if (error) throw error;
  if (status !== 0) throw new Error(`euar ${args.join(" ")} ended with ${status}: ${stderr}`);
  return { prediction: JSON.parse(stdout).prediction, elapsed };
}

function versions() {
  const packages = adapterPackages.map((name) => [
    name,
    JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8"))
      .version,
  ]);
  const [ffmpeg = ""] = execFileSync("ffmpeg", ["-version"], { encoding: "utf8" }).split(" Copyright");
  return { ffmpeg: ffmpeg.replace("ffmpeg version ", ""), ...Object.fromEntries(packages) };
}

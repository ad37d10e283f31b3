// Runs whose weights the page gets: the user's, or toy models that are trained here on data made here.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Predictor } from "euar";
import { toyClipsUnavailable, writeToyClips } from "./toy-clips.js";
import { writeToyPosts } from "./toy-posts.js";

const euarCommand = fileURLToPath(new URL("../../../bin/euar.js", import.meta.url));

/**
 * @typedef {{ folder: string, name: string, toy: boolean }} Run
 * @typedef {{ post?: Run, clip?: Run, unavailable: { post?: string, clip?: string } }} Runs
 */

/**
 * @param {readonly string[]} folders
 * @returns {Promise<Runs>}
 */
export async function ownRuns(folders) {
  const runs = {
    unavailable: {
      post: "it was started with --run, and none of those runs reads images",
      clip: "it was started with --run, and none of those runs reads sound or video",
    },
  };
  for (const folder of folders) {
    const names = (await Predictor.load(folder)).modalities.map(({ name }) => name);
    const kind = names.includes("image")
      ? "post"
      : names.includes("audio") || names.includes("vision")
        ? "clip"
        : undefined;
    if (kind === undefined)
      throw new Error(`${folder} reads ${names.join(", ")}: the page is for images, sound and video`);
    runs[kind] = { folder, name: basename(folder), toy: false };
    delete runs.unavailable[kind];
  }
  return runs;
}

/** Trains the toy models, or reuses those that were trained before. */
export async function toyRuns(folder, small, say) {
  const post = await toyRun(join(folder, small ? "posts-small" : "posts"), say, (data) =>
    writeToyPosts(data, small ? { train: 12, dev: 6, test: 3 } : { train: 72, dev: 30, test: 12 }),
  );
  const reason = toyClipsUnavailable();
  if (reason !== undefined) {
    say(`No toy model for camera and microphone: ${reason}.`);
    return { post, unavailable: { clip: reason } };
  }
  const clip = await toyRun(join(folder, small ? "clips-small" : "clips"), say, (data) =>
    writeToyClips(data, small ? { train: 3, valid: 1, test: 1 } : { train: 36, valid: 24, test: 6 }),
  );
  return { post, clip, unavailable: {} };
}

async function toyRun(folder, say, writeData) {
  const run = { folder: `${folder}/run`, name: basename(folder), toy: true };
  if (existsSync(`${run.folder}/weights.safetensors`)) return run;
  say(`Training a toy model in ${folder}. Making its data first takes a minute or two ...`);
  rmSync(folder, { recursive: true, force: true });
  await writeData(`${folder}/media`);
  euar("extract", `${folder}/media`, "--out", `${folder}/data`, "--steps", "8", "--quiet");
  euar(
    "train",
    "--data",
    `${folder}/data`,
    "--preset",
    "aware",
    "--epochs",
    "40",
    "--out",
    run.folder,
    "--quiet",
  );
  return run;
}

/**
 * Runs the command line.
 * @throws Error with its output
 */
function euar(...args) {
  const { status, stderr } = spawnSync(process.execPath, [euarCommand, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`euar ${args[0]} failed: ${stderr}`);
}

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneThread, pinned } from "./child.js";
import { median, quantile, significant } from "./statistics.js";
import { trainRun } from "./trained-run.js";

const here = new URL("..", import.meta.url).pathname;

/**
 * Times the start of a process up to its first prediction (wall clock): the library in a script, the command
 * line, and Python (import torch, load the same weights, predict). A warm-up round fills the file cache.
 * @param {{ python?: string, core?: number, rounds: number, log: (line: string) => void }} options
 */
export async function benchStart({ python, core, rounds, log }) {
  log("start");
  const { folder, run, weights, clipFile } = await trainRun({ clips: 1 });
  const oneClip = join(folder, "one.json");
  writeFileSync(oneClip, `[${readFileSync(clipFile, "utf8")}]`);
  const contestants = [
    {
      name: "euar library",
      command: process.execPath,
      args: [`${here}predict/predict.js`, run, oneClip, "--once"],
    },
    {
      name: "euar predict",
      command: process.execPath,
      args: [`${here}../bin/euar.js`, "predict", "--run", run, "--features", clipFile, "--json"],
    },
  ];
  if (python !== undefined)
    contestants.push({
      name: "pytorch",
      command: python,
      args: [`${here}peers/pytorch_predict.py`, weights, oneClip, "--once"],
    });
  try {
    const seconds = new Map(contestants.map(({ name }) => [name, []]));
    let expected;
    for (let round = -1; round < rounds; round++) {
      for (const { name, command, args } of contestants) {
        const { prediction, elapsed } = timeProcess(command, args, core);
        expected ??= prediction;
        if (!(Math.abs(prediction - expected) <= 1e-4))
          throw new Error(`${name} predicts ${prediction}, expected ${expected}`);
        if (round >= 0) seconds.get(name).push(elapsed);
      }
    }
    const rows = contestants.map(({ name }) => {
      const ratios = seconds.get(name).map((value, round) => value / seconds.get("euar library")[round]);
      return {
        name,
        medianSeconds: significant(median(seconds.get(name))),
        ratio: significant(median(ratios)),
        ratioRange: [significant(quantile(ratios, 0.25)), significant(quantile(ratios, 0.75))],
      };
    });
    for (const row of rows) log(`  ${row.name.padEnd(28)} ${row.ratio} x  (median ${row.medianSeconds} s)`);
    const peer = rows.find(({ name }) => name === "pytorch");
    const command = rows.find(({ name }) => name === "euar predict");
    return {
      date: new Date().toISOString(),
      rows,
      library: peer?.ratio,
      command: peer && significant(peer.medianSeconds / command.medianSeconds),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeProcess(command, args, core) {
  const [file, list] = pinned(core, command, args);
  const from = performance.now();
  const { stdout, stderr, status, error } = spawnSync(file, list, {
    env: { ...process.env, ...oneThread },
    encoding: "utf8",
  });
  const elapsed = (performance.now() - from) / 1000;
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return { prediction: JSON.parse(stdout).prediction, elapsed };
}

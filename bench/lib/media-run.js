import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutSecond, makeClip } from "../media/make-clip.js";

const euar = new URL("../../bin/euar.js", import.meta.url).pathname;

/**
 * Makes a ten-second clip, and a run trained on features of some of its seconds. Its predictions are useless,
 * but take as long as any other. Paths are in a temporary folder.
 */
export function mediaRun() {
  const folder = mkdtempSync(join(tmpdir(), "euar-bench-media-"));
  const clip = join(folder, "clip.mp4");
  const { text, sound } = makeClip(clip);
  mkdirSync(join(folder, "clips", "v"), { recursive: true });
  const rows = ["train", "train", "valid", "test"].map((mode, i) => {
    cutSecond(clip, i, join(folder, "clips", "v", `${i}.mp4`));
    return `v,${i},"${text}",${i - 1},${mode}`;
  });
  writeFileSync(
    join(folder, "clips", "label.csv"),
    `${["video_id,clip_id,text,label,mode", ...rows].join("\n")}\n`,
  );
  const run = (...args) =>
    execFileSync(process.execPath, [euar, ...args, "--quiet"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  run("extract", "clips", "--out", "data", "--steps", "50", "--workers", "1");
  run("train", "--data", "data", "--epochs", "1", "--out", "run");
  return { folder, run: join(folder, "run"), clip, text, sound };
}

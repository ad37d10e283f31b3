import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { euar } from "../run-euar.js";

/** Number of features of a picture of 2 by 2 pixels. */
export const WIDTH = 12;

/** Returns a picture of one colour. */
export function picture(i: number): Promise<Buffer> {
  const background = { r: 200 * (i % 2), g: 90, b: 10 * (i % 25) };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Trains a model of pictures, whose only modality is `rgb`, into the folder `run` of `folder`. */
export async function trainOnPictures(folder: string): Promise<void> {
  mkdirSync(join(folder, "files"));
  const rows: string[] = [];
  for (let i = 0; i < 16; i++) {
    writeFileSync(join(folder, `files/${i}.png`), await picture(i));
    const split = i < 10 ? "train" : i < 13 ? "valid" : "test";
    rows.push(`s${i},${split},${i % 2 === 0 ? "low" : "high"},files/${i}.png`);
  }
  writeFileSync(join(folder, "scenes.csv"), ["id,split,label,rgb_path", ...rows].join("\n"));
  const media = ["--media", "rgb=image:rgb_path", "--image", "image/pixels:side=2", "--quiet"];
  const model = ["--model", "linear", "--epochs", "1", "--quiet"];
  for (const args of [
    ["extract", "scenes.csv", "--out", "data", ...media],
    ["train", "--data", "data", "--out", "run", ...model],
  ]) {
    const { code, stderr } = euar(args, { cwd: folder });
    if (code !== 0) throw new Error(`euar ${args.join(" ")}: ${stderr}`);
  }
}

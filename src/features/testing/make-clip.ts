import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Short clips of real speech and real faces. FFmpeg makes them when a test runs; the repository contains
 * none.
 */

const speechFolder = "/usr/share/pocketsphinx/test/data/librivox";

/** Utterances of one reader (LibriVox, in Debian's pocketsphinx-testdata) with their text. */
export const utterances = {
  dashwood: {
    file: join(speechFolder, "sense_and_sensibility_01_austen_64kb-0870.wav"),
    seconds: 7.1,
    text:
      "and mister john dashwood had then leisure to consider how much there might be prudently in his " +
      "power to do for them",
  },
  young: {
    file: join(speechFolder, "sense_and_sensibility_01_austen_64kb-0880.wav"),
    seconds: 2.99,
    text: "he was not an ill disposed young man",
  },
  selfish: {
    file: join(speechFolder, "sense_and_sensibility_01_austen_64kb-0890.wav"),
    seconds: 5.3,
    text: "unless to be rather cold hearted and rather selfish is to be ill disposed",
  },
  amiable: {
    file: join(speechFolder, "sense_and_sensibility_01_austen_64kb-0930.wav"),
    seconds: 3.29,
    text: "he might even have been made amiable himself",
  },
} as const;

interface Crop {
  readonly image: string;
  /** Crop as FFmpeg's width:height:left:top. */
  readonly crop: string;
}

/** Faces in the pictures of the face package. */
export const faces = {
  man: { image: "screenshot-faceid.jpg", crop: "138:138:14:143" },
  smilingWoman: { image: "screenshot-facedetect.jpg", crop: "150:150:479:347" },
  calmMan: { image: "screenshot-facedetect.jpg", crop: "150:150:8:347" },
  several: { image: "screenshot-facedetect.jpg", crop: "786:150:6:347" },
  /** Text on black, without a person. */
  none: { image: "screenshot-facedetect.jpg", crop: "430:170:190:535" },
} as const satisfies Record<string, Crop>;

export type PictureFault = "black" | "blurred" | "noisy" | "tiny" | "frozen";

export interface ClipOptions {
  readonly face?: keyof typeof faces;
  readonly fault?: PictureFault;
  /** An utterance, silence, or no sound stream. */
  readonly sound?: keyof typeof utterances | "silence" | "none";
  /** Length in seconds. Default: that of the sound, or 3 s without sound. */
  readonly seconds?: number;
  /** More output options for FFmpeg, before the file's name. */
  readonly output?: readonly string[];
}

/** Reason why clips cannot be made on this machine; undefined if they can. */
export function clipsUnavailable(): string | undefined {
  if (spawnSync("ffmpeg", ["-version"]).status !== 0) return "ffmpeg is not installed";
  if (!existsSync(speechFolder)) return "Debian's pocketsphinx-testdata is not installed";
  if (faceImages() === undefined) return "@vladmandic/human is not installed";
  return undefined;
}

/**
 * Runs FFmpeg.
 * @throws Error with its error output
 */
export function ffmpeg(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${stderr}`);
}

/**
 * Writes a clip of 480 x 480 pixels at 25 frames per second: the camera sways over a face while somebody
 * speaks.
 * @returns `path`, whose ending selects the container
 */
export function makeClip(path: string, options: ClipOptions = {}): string {
  const { face = "man", sound = "young", fault } = options;
  const seconds =
    options.seconds ?? (sound in utterances ? utterances[sound as keyof typeof utterances].seconds : 3);
  const { image, crop } = faces[face];
  const picture = ["-loop", "1", "-framerate", "25", "-i", join(faceImages() ?? "", image)];
  const filter = [
    `crop=${crop}`,
    "scale=560:560:force_original_aspect_ratio=decrease:flags=lanczos,pad=560:560:-1:-1:gray",
    ...faultFilters(fault),
    "format=yuv420p",
  ];
  ffmpeg(
    ...picture,
    ...soundInput(sound),
    "-t",
    String(seconds),
    "-vf",
    filter.join(","),
    "-preset",
    "ultrafast",
    ...(sound === "none" ? [] : ["-map", "0:v", "-map", "1:a"]),
    ...(options.output ?? []),
    path,
  );
  return path;
}

/** Writes one picture of a face, 480 x 480. */
export function makePicture(path: string, options: Pick<ClipOptions, "face" | "fault"> = {}): string {
  const { image, crop } = faces[options.face ?? "man"];
  const filter = [
    `crop=${crop}`,
    "scale=560:560:force_original_aspect_ratio=decrease:flags=lanczos,pad=560:560:-1:-1:gray",
    ...faultFilters(options.fault),
  ];
  ffmpeg("-i", join(faceImages() ?? "", image), "-frames:v", "1", "-vf", filter.join(","), path);
  return path;
}

function soundInput(sound: ClipOptions["sound"]): string[] {
  if (sound === "none" || sound === undefined) return [];
  if (sound === "silence") return ["-f", "lavfi", "-i", "anullsrc=sample_rate=16000:channel_layout=mono"];
  return ["-i", utterances[sound].file];
}

/** From 560 x 560 to 480 x 480. */
function faultFilters(fault: PictureFault | undefined): string[] {
  const sway = "crop=480:480:x='40+30*sin(2*PI*t/3)':y='40+20*cos(2*PI*t/2)'";
  switch (fault) {
    case "black":
      return [sway, "geq=lum=16:cb=128:cr=128"];
    case "blurred":
      return [sway, "boxblur=16:3"];
    case "noisy":
      return [sway, "noise=alls=90:allf=t"];
    case "tiny":
      return [sway, "scale=36:36,pad=480:480:-1:-1:gray"];
    case "frozen":
      return ["crop=480:480"];
    case undefined:
      return [sway];
  }
}

function faceImages(): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths("@vladmandic/human") ?? [];
  return folders
    .map((folder) => join(folder, "@vladmandic/human/assets"))
    .find((folder) => existsSync(folder));
}

import { mkdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { MediaError } from "../../core/errors.js";
import { copyFileWhole, writing } from "../../data/files/write-file.js";
import { withDamage } from "../damage/with-damage.js";
import { checkFile } from "../decode/check-file.js";
import { decodeAudio } from "../decode/ffmpeg-audio.js";
import { decodeFrames } from "../decode/ffmpeg-frames.js";
import { probeMedia } from "../decode/ffmpeg-probe.js";
import { decodeImage } from "../decode/image.js";
import type { MediaProbe } from "../decode/media-probe.js";
import { clipName } from "../encode/clip-container.js";
import { rewriteClip } from "../encode/rewrite-clip.js";
import { pictureName, soundName, writePicture, writeSound } from "../encode/write-media.js";
import type { AudioMedia, ImageMedia, VideoMedia } from "../media.js";
import type { DamageOfMedium } from "../modality-pipeline.js";

/** A file to write, with the corruption of what it holds. */
export interface MediaTarget {
  readonly source: string;
  /** Path in the output folder, without an extension. */
  readonly stem: string;
  readonly damage: { readonly [Kind in (typeof writtenKinds)[number]]?: DamageOfMedium | undefined };
}

/** Kinds of media that were changed in a written file. */
export interface WrittenMedia {
  /** Path in the output folder. */
  readonly path: string;
  readonly changed: readonly (typeof writtenKinds)[number][];
}

/** Kinds of media that can be written to files. */
export const writtenKinds = ["audio", "video", "image"] as const;

/** Extensions of clips that hold sound alone. */
const SOUNDS = [".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac"];

/**
 * Returns the path of a target in the output folder. Media that stay clean keep their extension; a corrupted
 * one has an extension that can be written.
 */
export function targetPath({ source, stem, damage }: MediaTarget): string {
  const name = `${stem}${extname(source)}`;
  if (damage.image !== undefined) return pictureName(name);
  if (damage.audio === undefined && damage.video === undefined) return name;
  return SOUNDS.includes(extname(source).toLowerCase()) ? soundName(name) : clipName(name);
}

/**
 * Writes one file, completely or not at all. A stream that the source does not have is left out. A file in
 * which nothing is corrupted is copied.
 *
 * @throws MediaError for a source that cannot be read
 * @throws EuarError "io.write"
 */
export async function writeTarget(
  folder: string,
  target: MediaTarget,
  signal: AbortSignal,
): Promise<WrittenMedia> {
  const path = targetPath(target);
  const file = join(folder, path);
  writing(file, () => mkdirSync(dirname(file), { recursive: true }));
  const { source, damage } = target;
  if (damage.image !== undefined) {
    await writePicture(file, await damagedImage(source, damage.image));
    return { path, changed: ["image"] };
  }
  if (damage.audio === undefined && damage.video === undefined) {
    await checkFile(source, "a medium");
    copyFileWhole(source, file);
    return { path, changed: [] };
  }
  const probe = await probeMedia(source, { signal });
  const audio = probe.audio && damage.audio;
  const video = probe.video && damage.video;
  if (path.endsWith(".wav") && audio !== undefined) {
    writeSound(file, await damagedSound(source, { probe, signal }, audio));
    return { path, changed: ["audio"] };
  }
  const otherSound = audio && (await otherAudio(audio, signal));
  const otherFrames = video && (await otherVideo(video, probe, signal));
  await rewriteClip(
    source,
    file,
    {
      ...(audio && { audio: (sound) => withDamage("audio", sound, audio, otherSound) }),
      ...(video && { video: (frames) => withDamage("video", frames, video, otherFrames) }),
    },
    { probe, signal },
  );
  return { path, changed: [...(audio ? (["audio"] as const) : []), ...(video ? (["video"] as const) : [])] };
}

async function damagedImage(source: string, damage: DamageOfMedium): Promise<ImageMedia> {
  const other = fileOf(damage);
  return withDamage(
    "image",
    await decodeImage(source),
    damage,
    other === undefined ? undefined : await decodeImage(other),
  );
}

async function damagedSound(
  source: string,
  { probe, signal }: { readonly probe: MediaProbe; readonly signal: AbortSignal },
  damage: DamageOfMedium,
): Promise<AudioMedia> {
  const sampleRate = Math.min(HIGHEST_RATE, Math.round(probe.audio?.sampleRate ?? HIGHEST_RATE));
  const sound = await decodeAudio(source, { probe, sampleRate, signal });
  if (sound !== undefined) return withDamage("audio", sound, damage, await otherAudio(damage, signal));
  throw new MediaError("media.not-found", `${source} has no sound`, { hint: "Leave the clip out." });
}

/** Highest sampling rate that is written. */
const HIGHEST_RATE = 48_000;

async function otherAudio(damage: DamageOfMedium, signal: AbortSignal): Promise<AudioMedia | undefined> {
  const file = fileOf(damage);
  return file === undefined ? undefined : decodeAudio(file, { signal });
}

/** Opens the frames that are mixed in, at the rate of the clip. */
async function otherVideo(
  damage: DamageOfMedium,
  { video }: MediaProbe,
  signal: AbortSignal,
): Promise<VideoMedia | undefined> {
  const file = fileOf(damage);
  if (file === undefined) return undefined;
  const probe = await probeMedia(file, { signal });
  return probe.video && decodeFrames(file, { probe, signal, ...(video?.fps && { fps: video.fps }) });
}

function fileOf({ other }: DamageOfMedium): string | undefined {
  return typeof other === "string" ? other : undefined;
}

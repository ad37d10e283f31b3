import type { VideoFrame, VideoMedia } from "euar/browser";
import { pictureDamages, soundDamages, textDamages, videoDamages } from "euar/data";
import { damageMedium } from "../../../src/corruption/damage-medium.js";
import type { Medium, MediumDamage } from "./protocol.js";

/** The same draws for each severity, so that a slider changes the strength only. */
const SEED = 1;

/**
 * Returns a corrupted copy of a medium.
 * @param modality random numbers depend on it
 * @throws ConfigError for a kind that the medium does not have
 */
export async function corrupted(
  medium: Medium,
  { kind, severity, span }: MediumDamage,
  modality: string,
): Promise<Medium> {
  const steps = [{ kind, severity, span: { unit: "share", ...span } }] as const;
  const draw = { seed: SEED, modality, id: "studio" };
  switch (medium.kind) {
    case "text":
      return { kind: "text", text: damageMedium(textDamages, { medium: medium.text }, steps, draw) };
    case "image":
      return {
        kind: "image",
        image: damageMedium(pictureDamages, { medium: medium.image }, steps, draw),
      };
    case "audio":
      return {
        kind: "audio",
        audio: damageMedium(soundDamages, { medium: medium.audio }, steps, draw),
      };
    case "video": {
      const video = streamOf(medium.frames);
      return {
        kind: "video",
        frames: await collected(damageMedium(videoDamages, { medium: video }, steps, draw)),
      };
    }
  }
}

/**
 * Returns the frames as a video of known length: the time of the last frame plus the time between two frames.
 */
function streamOf(frames: readonly VideoFrame[]): VideoMedia & { readonly seconds: number } {
  const last = frames.at(-1)?.time ?? 0;
  return {
    seconds: last + last / Math.max(1, frames.length - 1),
    [Symbol.asyncIterator]: async function* () {
      await Promise.resolve();
      yield* frames;
    },
  };
}

async function collected(video: VideoMedia): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of video) frames.push(frame);
  return frames;
}

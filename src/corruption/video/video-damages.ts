import { WHOLE } from "../media-damage.js";
import type { PictureDamage } from "../picture/picture-damage.js";
import { frameDamages } from "../picture/picture-damages.js";
import { droppedFrames, frozenFrames } from "./time-damages.js";
import { type VideoDamage, videoDamage } from "./video-damage.js";
import { wrongClip } from "./wrong-clip.js";

/** Name of a kind of corruption of videos. */
export type VideoDamageName = keyof typeof frameDamages | "frozen-frames" | "dropped-frames" | "wrong-clip";

/** Kinds of corruption of videos, by name: those of pictures on each frame, and those of time. */
export const videoDamages: Readonly<Record<VideoDamageName, VideoDamage>> = {
  ...onFrames(frameDamages),
  "frozen-frames": frozenFrames,
  "dropped-frames": droppedFrames,
  "wrong-clip": wrongClip,
};

function onFrames<Name extends string>(
  kinds: Readonly<Record<Name, PictureDamage>>,
): Record<Name, VideoDamage> {
  const names = Object.keys(kinds) as Name[];
  return Object.fromEntries(names.map((name) => [name, onEachFrame(kinds[name])])) as Record<
    Name,
    VideoDamage
  >;
}

/**
 * Applies a kind of corruption of pictures to each frame of the span. The place is the same in all frames.
 */
function onEachFrame({ summary, unit, amountAt, apply }: PictureDamage): VideoDamage {
  return videoDamage({
    summary,
    unit,
    amountAt,
    corrupt: async function* (frames, _amount, { key, region }, severity) {
      for await (const { frame, index, inSpan } of frames) {
        const place = { key, span: WHOLE, frame: index, ...(region && { region }) };
        yield inSpan ? { time: frame.time, image: apply(frame.image, severity, place) } : frame;
      }
    },
  });
}

import { uniformAt } from "../../core/random.js";
import { type Frame, videoDamage } from "./video-damage.js";

/** Minimum duration of a freeze, in seconds. */
const FREEZE_SECONDS = 0.5;

/** Periods of half a second that repeat the last frame before them. The sound continues. */
export const frozenFrames = videoDamage({
  summary: "the picture stands still again and again, as in a call over a bad network",
  unit: "share of the time in which the picture stands still (in stretches of 0.5 s)",
  amountAt: (severity) => severity,
  corrupt: async function* (frames, share, { key }) {
    let shown: Frame | undefined;
    for await (const { frame, inSpan } of frames) {
      const frozen = inSpan && uniformAt(key, Math.floor(frame.time / FREEZE_SECONDS)) < share;
      if (!frozen || shown === undefined) shown = frame;
      yield { time: frame.time, image: shown.image };
    }
  },
});

/** Frames that are missing. The first frame of the clip stays. */
export const droppedFrames = videoDamage({
  summary: "frames are missing and the picture jerks",
  unit: "share of frames that are missing",
  amountAt: (severity) => 0.95 * severity,
  corrupt: async function* (frames, share, { key }) {
    for await (const { frame, index, inSpan } of frames)
      if (index === 0 || !inSpan || uniformAt(key, index) >= share) yield frame;
  },
});

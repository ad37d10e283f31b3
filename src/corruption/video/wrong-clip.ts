import { MediaError } from "../../core/errors.js";
import { uniformAt } from "../../core/random.js";
import { requireOther } from "../check-media-damage.js";
import { videoDamage, type Frame } from "./video-damage.js";

/** Full seconds of another clip. If that clip is shorter, its last frame is repeated. */
export const wrongClip = videoDamage({
  summary: "seconds of another clip are shown, at severity 1 nothing else",
  unit: "share of the seconds that are from another clip",
  amountAt: (severity) => severity,
  needsOther: true,
  corrupt: async function* (frames, share, { key, other }) {
    const source = requireOther(other, "wrong-clip")[Symbol.asyncIterator]();
    try {
      let shown: Frame | undefined;
      for await (const { frame, inSpan } of frames) {
        const next = await source.next();
        if (next.done !== true) shown = next.value;
        if (shown === undefined) throw withoutFrames();
        const isWrong = inSpan && uniformAt(key, Math.floor(frame.time)) < share;
        yield { time: frame.time, image: isWrong ? shown.image : frame.image };
      }
    } finally {
      await source.return?.();
    }
  },
});

function withoutFrames(): MediaError {
  return new MediaError("media.unsupported", "wrong-clip: the other video has no frames", {
    hint: "Choose another clip for it.",
  });
}

import { ConfigError } from "../../core/errors.js";
import type { PixelImage } from "../../signal/pixels.js";
import { requireOther } from "../check-media-damage.js";
import { checkedDamage } from "../checked-damage.js";
import type { DamageContext, DamageDescription, MediaDamage, Span } from "../media-damage.js";
import type { Region } from "../picture/picture-damage.js";

export interface Frame {
  /** Seconds from the start of the clip. */
  readonly time: number;
  readonly image: PixelImage;
}

/** Frames in order of time; read once, one at a time. */
export interface FrameStream extends AsyncIterable<Frame> {
  /** Length of the clip, if it is known. A span that is not the whole clip needs it. */
  readonly seconds?: number | undefined;
}

export interface VideoContext extends DamageContext<FrameStream> {
  /** Part of each frame that `occlusion` covers, for example a face. Default: the whole frame. */
  readonly region?: Region;
}

/** A kind of corruption of videos. */
export interface VideoDamage extends MediaDamage<FrameStream> {
  readonly apply: (video: FrameStream, severity: number, context: VideoContext) => FrameStream;
}

/** Frame, with the inputs of its corruption. */
export interface FramePlace {
  readonly frame: Frame;
  /** Number of the frame from the start of the clip. */
  readonly index: number;
  readonly inSpan: boolean;
}

interface Kind extends DamageDescription {
  /** Returns the changed frames. */
  readonly corrupt: (
    frames: AsyncIterable<FramePlace>,
    amount: number,
    context: VideoContext,
    severity: number,
  ) => AsyncIterable<Frame>;
}

/** Makes a kind of corruption of videos. Reads and yields one frame at a time. */
export function videoDamage({ corrupt, ...description }: Kind): VideoDamage {
  return checkedDamage<FrameStream, VideoContext>(description, {
    check: checkLength,
    change: (video, context, severity) => {
      if (description.needsOther === true) requireOther(context.other);
      const frames = corrupt(placed(video, context.span), description.amountAt(severity), context, severity);
      const { seconds } = video;
      return { seconds, [Symbol.asyncIterator]: () => frames[Symbol.asyncIterator]() };
    },
  });
}

function checkLength({ seconds }: FrameStream, { span }: VideoContext): void {
  if (isWhole(span) || (seconds !== undefined && seconds > 0)) return;
  throw new ConfigError("config.invalid", "a span of a video needs its length, which is not known", {
    hint: "Corrupt the whole video, or give its `seconds`.",
  });
}

function isWhole({ start, end }: Span): boolean {
  return start === 0 && end === 1;
}

async function* placed(video: FrameStream, span: Span): AsyncGenerator<FramePlace, void, undefined> {
  const length = isWhole(span) ? 0 : (video.seconds ?? 0);
  const [start, end] = [span.start * length, span.end * length];
  let index = 0;
  for await (const frame of video) {
    const inSpan = isWhole(span) || (frame.time >= start && (frame.time < end || span.end === 1));
    yield { frame, index, inSpan };
    index += 1;
  }
}

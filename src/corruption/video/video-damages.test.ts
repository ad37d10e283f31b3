import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { errorOf } from "../../core/testing/error-of.js";
import { randomKey } from "../../core/random.js";
import { WHOLE } from "../media-damage.js";
import { pictureDamages } from "../picture/picture-damages.js";
import { scene } from "../picture/testing/pictures.js";
import type { Frame, FrameStream, VideoContext } from "./video-damage.js";
import { type VideoDamageName, videoDamages } from "./video-damages.js";

const kinds = Object.keys(videoDamages) as VideoDamageName[];

/** Ten frames a second, each with a picture of its own. */
function clip(count: number, seconds: number | undefined = count / 10, seed = 1): FrameStream {
  const frames = Array.from({ length: count }, (_, i) => ({
    time: i / 10,
    image: scene(16, 12, seed * 1000 + i),
  }));
  return {
    seconds,
    async *[Symbol.asyncIterator]() {
      for (const frame of frames) yield await Promise.resolve(frame);
    },
  };
}

async function framesOf(video: FrameStream): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of video) frames.push(frame);
  return frames;
}

function apply(
  kind: VideoDamageName,
  video: FrameStream,
  severity: number,
  context: Partial<VideoContext> = {},
): FrameStream {
  return videoDamages[kind].apply(video, severity, { key: randomKey(4, kind), span: WHOLE, ...context });
}

describe.each(kinds)("%s", (kind) => {
  const other = clip(20, 2, 7);

  it("returns the same video at severity 0", () => {
    const video = clip(3);
    expect(apply(kind, video, 0, { other })).toBe(video);
  });

  it("changes frames of the span only, the same ones for the same key", async () => {
    const span = { start: 0.5, end: 0.75 };
    const [before, once, again] = await Promise.all([
      framesOf(clip(30)),
      framesOf(apply(kind, clip(30), 0.9, { other, span })),
      framesOf(apply(kind, clip(30), 0.9, { other, span })),
    ]);
    expect(again).toEqual(once);
    const isSame = (frame: Frame): boolean =>
      once.some(({ time, image }) => time === frame.time && Buffer.compare(image.rgb, frame.image.rgb) === 0);
    const changed = before.filter((frame) => !isSame(frame)).map(({ time }) => time);
    expect(changed.length).toBeGreaterThan(4);
    expect(changed.every((time) => time >= 1.5 && time < 2.25)).toBe(true);
  });

  it("accepts a video without frames, and refuses a span if the length is unknown", async () => {
    const none = clip(0, 1);
    expect(await framesOf(apply(kind, none, 1, { other }))).toEqual([]);
    const unknown: FrameStream = { [Symbol.asyncIterator]: () => clip(3)[Symbol.asyncIterator]() };
    expect(await framesOf(apply(kind, unknown, 0.5, { other }))).not.toEqual([]);
    expect(codeOf(() => apply(kind, unknown, 0.5, { other, span: { start: 0, end: 0.5 } }))).toBe(
      "config.invalid",
    );
    expect(codeOf(() => apply(kind, none, 7, { other }))).toBe("config.invalid");
  });
});

describe("videoDamages", () => {
  it("has every kind for pictures except the one that needs another picture", () => {
    const others = Object.keys(pictureDamages).filter((kind) => kind !== "wrong-picture");
    expect(kinds).toEqual([...others, "frozen-frames", "dropped-frames", "wrong-clip"]);
  });

  it("draws noise for each frame, and one place for all of them", async () => {
    const grey = (): FrameStream => {
      const image = { width: 20, height: 20, rgb: new Uint8Array(1200).fill(128) };
      const frames = [0, 1].map((time) => ({ time, image }));
      return {
        async *[Symbol.asyncIterator]() {
          for (const frame of frames) yield await Promise.resolve(frame);
        },
      };
    };
    const [first, second] = await framesOf(apply("gaussian-noise", grey(), 0.5));
    expect(first?.image).not.toEqual(second?.image);
    const region = { left: 4, top: 4, width: 10, height: 10 };
    const [covered, still] = await framesOf(apply("occlusion", grey(), 0.5, { region }));
    expect(covered?.image).toEqual(still?.image);
    const black = covered?.image.rgb.filter((v) => v === 0).length ?? NaN;
    expect(black / 3).toBe(49); // half of the region: 7 x 7
  });

  it("frozen-frames repeats pictures for the stated time, dropped-frames omits them", async () => {
    const video = clip(2000);
    for (const severity of [0.3, 0.7]) {
      const frozen = await framesOf(apply("frozen-frames", video, severity));
      expect(frozen.map(({ time }) => time)).toEqual((await framesOf(video)).map(({ time }) => time));
      const repeated = frozen.filter(({ image }, i) => i > 0 && image === frozen[i - 1]?.image).length;
      expect(Math.abs(repeated / 2000 - severity)).toBeLessThan(0.06);
      const kept = await framesOf(apply("dropped-frames", video, severity));
      expect(Math.abs(1 - kept.length / 2000 - 0.95 * severity)).toBeLessThan(0.03);
      expect(kept[0]?.time).toBe(0);
    }
    const still = await framesOf(apply("frozen-frames", video, 1));
    expect(new Set(still.map(({ image }) => image)).size).toBe(1);
  });

  it("a larger severity drops and freezes everything that a smaller one does", async () => {
    const times = async (severity: number): Promise<number[]> =>
      (await framesOf(apply("dropped-frames", clip(100), severity))).map(({ time }) => time);
    const [few, many] = await Promise.all([times(0.8), times(0.3)]);
    expect(many).toEqual(expect.arrayContaining(few));
  });

  it("wrong-clip shows the other clip, holds its last picture and closes it", async () => {
    const other = clip(5, 0.5, 7);
    const wrong = await framesOf(apply("wrong-clip", clip(8), 1, { other }));
    const given = await framesOf(other);
    expect(wrong.map(({ image }) => image)).toEqual([0, 1, 2, 3, 4, 4, 4, 4].map((i) => given[i]?.image));
    let isClosed = false;
    const watched: FrameStream = {
      async *[Symbol.asyncIterator]() {
        try {
          for (const frame of given) yield await Promise.resolve(frame);
        } finally {
          isClosed = true;
        }
      },
    };
    await framesOf(apply("wrong-clip", clip(3), 1, { other: watched }));
    expect(isClosed).toBe(true);
    expect((await errorOf(framesOf(apply("wrong-clip", clip(3), 1, { other: clip(0) })))).code).toBe(
      "media.unsupported",
    );
  });

  it("wrong-clip needs another clip before anything is read", () => {
    expect(codeOf(() => apply("wrong-clip", clip(3), 1))).toBe("config.invalid");
  });
});

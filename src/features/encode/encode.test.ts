import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { errorOf } from "../../core/testing/error-of.js";
import { decodeImage } from "../decode/image.js";
import { decodeAudio } from "../decode/ffmpeg-audio.js";
import { decodeFrames } from "../decode/ffmpeg-frames.js";
import { probeMedia } from "../decode/ffmpeg-probe.js";
import type { VideoFrame, VideoMedia } from "../media.js";
import { ffmpeg } from "../testing/make-clip.js";
import { clipName } from "./clip-container.js";
import { rewriteClip } from "./rewrite-clip.js";
import { encodeWav } from "./wav.js";
import { pictureName, soundName, writePicture, writeSound } from "./write-media.js";

const folder = mkdtempSync(join(tmpdir(), "euar-encode-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const noFfmpeg = spawnSync("ffmpeg", ["-version"]).status !== 0;

const pattern = (width: number, height: number) => ({
  width,
  height,
  rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + Math.floor(i / 90) * 3) % 256),
});

describe("encodeWav", () => {
  it("writes 16 bits that are cut off at full scale", () => {
    const bytes = encodeWav({ samples: Float32Array.of(0, 0.5, -1, 2, 1 / 32768), sampleRate: 8000 });
    const view = new DataView(bytes.buffer);
    expect(String.fromCharCode(...bytes.subarray(0, 4))).toBe("RIFF");
    expect(view.getUint32(24, true)).toBe(8000);
    expect([0, 1, 2, 3, 4].map((i) => view.getInt16(44 + 2 * i, true))).toEqual([0, 16384, -32768, 32767, 1]);
    expect(encodeWav({ samples: new Float32Array(0), sampleRate: 8000 })).toHaveLength(44);
  });
});

describe("writePicture and the names", () => {
  it("writes PNG without loss and JPEG nearly so", async () => {
    const image = pattern(33, 20);
    await writePicture(at("a.png"), image);
    expect(await decodeImage(at("a.png"))).toEqual(image);
    const smooth = { ...image, rgb: image.rgb.map((_, i) => 60 + Math.floor(i / 99)) };
    await writePicture(at("a.jpg"), smooth);
    const { rgb } = await decodeImage(at("a.jpg"));
    expect(Math.max(...rgb.map((v, i) => Math.abs(v - (smooth.rgb[i] ?? NaN))))).toBeLessThan(6);
  });

  it("refuse other extensions, and choose names that can be written", async () => {
    expect((await errorOf(writePicture(at("a.gif"), pattern(2, 2)))).code).toBe("config.invalid");
    expect(
      codeOf(() => {
        writeSound(at("a.mp3"), { samples: new Float32Array(4), sampleRate: 8000 });
      }),
    ).toBe("config.invalid");
    expect([pictureName("x/a.JPG"), pictureName("b.webp"), pictureName("c")]).toEqual([
      "x/a.JPG",
      "b.png",
      "c.png",
    ]);
    expect([soundName("a.mp3"), clipName("b.MOV"), clipName("c.flv")]).toEqual(["a.wav", "b.MOV", "c.mkv"]);
  });
});

async function framesOf(path: string): Promise<VideoFrame[]> {
  const probe = await probeMedia(path);
  const frames: VideoFrame[] = [];
  for await (const frame of decodeFrames(path, { fps: probe.video?.fps ?? NaN, probe })) frames.push(frame);
  return frames;
}

async function* black(frames: VideoMedia): VideoMedia {
  for await (const { time, image } of frames)
    yield { time, image: { ...image, rgb: new Uint8Array(image.rgb.length) } };
}

async function* everyThird(frames: VideoMedia): VideoMedia {
  let index = 0;
  for await (const frame of frames) if (index++ % 3 === 0) yield frame;
}

/** Mean difference of the levels of two frames. */
function difference(a: VideoFrame | undefined, b: VideoFrame | undefined): number {
  const [left, right] = [a?.image.rgb ?? new Uint8Array(0), b?.image.rgb ?? new Uint8Array(0)];
  return left.reduce((sum, level, i) => sum + Math.abs(level - (right[i] ?? NaN)), 0) / left.length;
}

describe.skipIf(noFfmpeg)("with FFmpeg", () => {
  /** Two seconds without sharp edges of colour, which codecs with halved colour resolution do not keep. */
  const clip = (name: string, size = "64x48", rate = "12.5"): string => {
    ffmpeg(
      ...["-f", "lavfi", "-i", `testsrc=size=${size}:rate=${rate}:duration=2`],
      ...["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=22050:duration=2"],
      ...[
        "-vf",
        "gblur=sigma=4",
        "-pix_fmt",
        size === "63x47" ? "yuv444p" : "yuv420p",
        "-shortest",
        at(name),
      ],
    );
    return at(name);
  };

  it("a sound is read back with its bits", async () => {
    const samples = Float32Array.from({ length: 4000 }, (_, i) => Math.round(9000 * Math.sin(i / 9)) / 32768);
    writeSound(at("a.wav"), { samples, sampleRate: 16000 });
    const read = (await decodeAudio(at("a.wav")))?.samples ?? new Float32Array(0);
    expect(read).toHaveLength(4000);
    expect(read.every((x, i) => x === samples[i])).toBe(true);
  });

  it.each(["a.mp4", "a.mkv", "a.avi", "a.webm"])(
    "%s keeps rate, size and length, and what is not changed",
    async (name) => {
      const source = name.endsWith("webm") ? clip("source.webm") : clip(`source-${name}`);
      await rewriteClip(source, at(name), {
        video: (frames) => frames,
        audio: ({ samples, sampleRate }) => ({ samples: samples.map((x) => 0.5 * x), sampleRate }),
      });
      const [before, after] = [await probeMedia(source), await probeMedia(at(name))];
      expect(after.video?.fps).toBeCloseTo(12.5, 1);
      expect([after.video?.width, after.video?.height]).toEqual([64, 48]);
      expect(Math.abs((after.seconds ?? NaN) - (before.seconds ?? NaN))).toBeLessThan(0.1);
      const [given, written] = [await framesOf(source), await framesOf(at(name))];
      // The duration of the last picture may differ.
      expect(Math.abs(written.length - given.length)).toBeLessThanOrEqual(1);
      expect(difference(given[7], written[7])).toBeLessThan(6);
      const [loud, soft] = [await decodeAudio(source), await decodeAudio(at(name))];
      const level = (samples: Float32Array | undefined): number =>
        Math.sqrt((samples ?? new Float32Array(0)).reduce((sum, x) => sum + x * x, 0) / 32000);
      expect(level(soft?.samples) / level(loud?.samples)).toBeCloseTo(0.5, 1);
      expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([]);
    },
  );

  it("copies the stream that is not changed, bit for bit", async () => {
    const source = clip("s.mp4");
    await rewriteClip(source, at("silent.mp4"), {
      audio: ({ samples, sampleRate }) => ({ samples: samples.slice().fill(0), sampleRate }),
    });
    expect(await framesOf(at("silent.mp4"))).toEqual(await framesOf(source));
    expect((await decodeAudio(at("silent.mp4")))?.samples.every((x) => Math.abs(x) < 1e-3)).toBe(true);
    await rewriteClip(source, at("black.mp4"), { video: black });
    expect(await decodeAudio(at("black.mp4"))).toEqual(await decodeAudio(source));
    expect((await framesOf(at("black.mp4"))).every(({ image }) => image.rgb.every((v) => v < 4))).toBe(true);
  });

  it("repeats the frame before one that is missing, and keeps odd sizes", async () => {
    const source = clip("odd.mkv", "63x47", "10");
    await rewriteClip(source, at("jerky.mkv"), { video: everyThird });
    const [given, written] = [await framesOf(source), await framesOf(at("jerky.mkv"))];
    expect(Math.abs(written.length - given.length)).toBeLessThanOrEqual(1); // how long the last one is shown
    expect(written[4]?.image.width).toBe(63);
    expect(difference(given[3], written[5])).toBeLessThan(8);
  });

  it("leaves nothing behind after a failure", async () => {
    const source = clip("f.mp4");
    writeFileSync(at("kept.mp4"), "before");
    const torn = errorOf(
      rewriteClip(source, at("kept.mp4"), {
        video: async function* (frames) {
          for await (const frame of frames)
            if (frame.time < 0.5) yield frame;
            else throw await errorOf(rewriteClip(at("none.mp4"), at("x.mp4"), {}));
        },
      }),
    );
    expect((await torn).code).toBe("media.not-found");
    expect(spawnSync("cat", [at("kept.mp4")]).stdout.toString()).toBe("before");
    expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([]);
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(rewriteClip(source, at("y.mp4"), { video: black }, { signal: stopped })).rejects.toThrow();
    expect(existsSync(at("y.mp4"))).toBe(false);
    const tools = { ffmpeg: "no-such-program", ffprobe: "ffprobe" };
    expect((await errorOf(rewriteClip(source, at("y.mp4"), { video: black }, { tools }))).code).toBe(
      "media.missing-tool",
    );
  });

  it("refuses changes of missing streams, and names that cannot be written", async () => {
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1", at("mute.mp4"));
    const sound = { audio: <T>(given: T): T => given };
    expect((await errorOf(rewriteClip(at("mute.mp4"), at("z.mp4"), sound))).code).toBe("media.unsupported");
    expect((await errorOf(rewriteClip(at("mute.mp4"), at("z.flv"), {}))).code).toBe("config.invalid");
  });
});

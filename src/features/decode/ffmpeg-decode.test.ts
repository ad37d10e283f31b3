import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MediaError } from "../../core/errors.js";
import type { VideoFrame } from "../media.js";
import { clipsUnavailable, ffmpeg, makeClip, utterances } from "../testing/make-clip.js";
import { decodeAudio, decodeAudioBlocks } from "./ffmpeg-audio.js";
import { decodeFrames, type DecodeFramesOptions } from "./ffmpeg-frames.js";
import { rawMediaOf } from "../raw-files.js";
import { usualModalities } from "../readable-modalities.js";
import { decodeSubtitles } from "./ffmpeg-subtitles.js";
import type { DecodeNote } from "./decode-note.js";
import type { DecodeOptions } from "./ffmpeg-input.js";
import { probeMedia } from "./ffmpeg-probe.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: ${unavailable}, so clips cannot be made or decoded.`);

let folder = "";
const at = (name: string): string => join(folder, name);

async function framesOf(path: string, options?: DecodeFramesOptions): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of decodeFrames(path, options)) frames.push(frame);
  return frames;
}

async function errorOf(promise: Promise<unknown>): Promise<MediaError> {
  return promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error as MediaError,
  );
}

/** [mean red, green, blue] of a picture. */
function meanColour({ image }: VideoFrame): number[] {
  const sums = [0, 0, 0];
  for (const [i, byte] of image.rgb.entries()) sums[i % 3] = (sums[i % 3] ?? 0) + byte;
  return sums.map((sum) => sum / (image.width * image.height));
}

const pattern = (size: string, seconds: number): string[] => [
  "-f",
  "lavfi",
  "-i",
  `testsrc2=size=${size}:rate=25:duration=${seconds}`,
];

describe.skipIf(unavailable !== undefined)("decoding with FFmpeg", () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "euar-decode-"));
    makeClip(at("clip.mp4"), { output: ["-movflags", "+faststart"] });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe("a clip", () => {
    it("is described by its content", async () => {
      const probe = await probeMedia(at("clip.mp4"));
      expect(probe.format).toContain("mp4");
      expect(probe.video).toMatchObject({ codec: "h264", width: 480, height: 480, rotation: 0, fps: 25 });
      expect(probe.audio).toMatchObject({ codec: "aac", sampleRate: 16000, channels: 1 });
      expect(probe.seconds).toBeCloseTo(utterances.young.seconds, 1);
    });

    it("gives the samples of its speech", async () => {
      makeClip(at("pcm.mkv"), { output: ["-c:a", "pcm_s16le"] });
      const audio = await decodeAudio(at("pcm.mkv"));
      const wav = readFileSync(utterances.young.file);
      const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, audio?.samples.length ?? 0);
      expect(audio?.sampleRate).toBe(16000);
      expect(audio?.samples.length).toBe(47840);
      expect(Array.from(audio?.samples.subarray(0, 30000) ?? [])).toEqual(
        Array.from(samples.subarray(0, 30000), (value) => Math.fround(value / 32768)),
      );
    });

    it("gives frames at the requested rate, with their times and sizes", async () => {
      const frames = await framesOf(at("clip.mp4"), { fps: 4, maxSide: 120 });
      expect(frames.length).toBe(12);
      expect(frames.map(({ time }) => time)).toEqual(Array.from({ length: 12 }, (_, i) => i / 4));
      expect(
        frames.every(
          ({ image }) => image.width === 120 && image.height === 120 && image.rgb.length === 120 * 120 * 3,
        ),
      ).toBe(true);
    });

    it("gives the same bytes every time", async () => {
      const [first, second] = [await framesOf(at("clip.mp4")), await framesOf(at("clip.mp4"))];
      expect(first.length).toBe(15);
      expect(
        first.every(
          ({ image }, i) => Buffer.compare(image.rgb, second[i]?.image.rgb ?? Buffer.alloc(0)) === 0,
        ),
      ).toBe(true);
      const [once, twice] = [await decodeAudio(at("clip.mp4")), await decodeAudio(at("clip.mp4"))];
      expect(once?.samples.every((value, i) => value === twice?.samples[i])).toBe(true);
    });

    it("stops the program when the reader stops, and when it is aborted", async () => {
      const seen: number[] = [];
      for await (const { time } of decodeFrames(at("clip.mp4"), { fps: 25 })) {
        seen.push(time);
        if (seen.length === 2) break;
      }
      expect(seen).toEqual([0, 0.04]);

      const controller = new AbortController();
      const frames = decodeFrames(at("clip.mp4"), { fps: 25, signal: controller.signal });
      await frames.next();
      controller.abort(new Error("enough"));
      await expect(
        frames
          .next()
          .then(() => frames.next())
          .then(() => frames.next()),
      ).rejects.toThrow("enough");
      await expect(decodeAudio(at("clip.mp4"), { signal: controller.signal })).rejects.toThrow("enough");
    });
  });

  describe("streams of every kind", () => {
    it.each([
      ["8-bit", "pcm_u8", 1 / 64],
      ["24-bit", "pcm_s24le", 1e-4],
      ["float", "pcm_f32le", 1e-4],
    ])("%s samples", async (_, codec, tolerance) => {
      ffmpeg("-i", utterances.young.file, "-c:a", codec, at(`${codec}.wav`));
      const [got, exact] = [await decodeAudio(at(`${codec}.wav`)), await decodeAudio(utterances.young.file)];
      expect(got?.samples.length).toBe(exact?.samples.length);
      const worst = got?.samples.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (exact?.samples[i] ?? NaN))),
        0,
      );
      expect(worst).toBeLessThan(tolerance);
    });

    it("channels are averaged and the rate is changed", async () => {
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "aevalsrc=0.5*sin(2*PI*440*t)|0:sample_rate=44100:duration=1",
        at("stereo.wav"),
      );
      const audio = await decodeAudio(at("stereo.wav"));
      expect(audio?.samples.length).toBe(16000);
      const middle = audio?.samples.subarray(2000, 14000) ?? new Float32Array();
      expect(Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length)).toBeCloseTo(
        0.25 / Math.SQRT2,
        3,
      );
    });

    it("channels of opposite signs do not cancel each other", async () => {
      const sound = utterances.young.file;
      ffmpeg("-i", sound, "-af", "pan=stereo|c0=c0|c1=-0.9*c0", at("inverted.wav"));
      const [expected, found] = [await decodeAudio(sound), await decodeAudio(at("inverted.wav"))];
      expect(found?.samples.length).toBe(expected?.samples.length);
      const worst = expected?.samples.reduce(
        (most, value, i) => Math.max(most, Math.abs(0.95 * value - (found?.samples[i] ?? NaN))),
        0,
      );
      expect(worst).toBeLessThan(1e-3);
    });

    it("the sound track and the picture marked as default are read, not the first ones", async () => {
      ffmpeg(
        ...["-f", "lavfi", "-t", "1", "-i", "anullsrc=r=16000:cl=mono"],
        ...["-f", "lavfi", "-t", "1", "-i", "sine=frequency=440:sample_rate=16000"],
        ...["-f", "lavfi", "-t", "1", "-i", "color=c=black:s=64x64:r=5"],
        ...["-f", "lavfi", "-t", "1", "-i", "color=c=white:s=64x64:r=5"],
        ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:a", "flac", "-c:v", "ffv1"],
        ...["-disposition:a:0", "0", "-disposition:a:1", "default"],
        ...["-disposition:v:0", "0", "-disposition:v:1", "default", at("tracks.mkv")],
      );
      const probe = await probeMedia(at("tracks.mkv"));
      expect([probe.audio?.index, probe.video?.index]).toEqual([1, 3]);
      const sound = await decodeAudio(at("tracks.mkv"));
      expect(sound?.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeGreaterThan(0.1);
      const [frame] = await framesOf(at("tracks.mkv"));
      expect(frame && meanColour(frame)[0]).toBeGreaterThan(240);
    });

    it("a subtitle track gives its text with times, and a clip without one none", async () => {
      writeFileSync(at("said.srt"), "1\n00:00:00,200 --> 00:00:00,800\nnot bad\n");
      ffmpeg(
        ...["-f", "lavfi", "-t", "1", "-i", "anullsrc=r=16000:cl=mono", "-i", at("said.srt")],
        ...["-c:a", "flac", "-c:s", "srt", at("subtitled.mkv")],
      );
      const media = await decodeSubtitles(at("subtitled.mkv"));
      expect(media?.text).toBe("not bad");
      expect(media?.words?.map(({ text, start }) => [text, Math.round(start * 10)])).toEqual([
        ["not", 2],
        ["bad", 5],
      ]);
      expect(await rawMediaOf({ clip: at("subtitled.mkv") }, usualModalities("text", "audio"))).toMatchObject(
        { text: { text: "not bad" }, audio: { path: at("subtitled.mkv") } },
      );
      expect(await decodeSubtitles(at("clip.mp4"))).toBeUndefined();
      const half = "#!/bin/sh\nprintf 'WEBVTT\\n\\n00:00.000 --> 00:01.000\\nhalf\\n'; exit 69\n";
      writeFileSync(at("failing-ffmpeg"), half, { mode: 0o755 });
      const tools = { ffmpeg: at("failing-ffmpeg"), ffprobe: "ffprobe" };
      expect(await errorOf(decodeSubtitles(at("subtitled.mkv"), { tools }))).toMatchObject({
        code: "media.damaged",
      });
    });

    it("floats beyond full scale are clipped, and values that are not numbers are refused", async () => {
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "aevalsrc=3*sin(2*PI*100*t):sample_rate=16000:duration=0.5",
        "-c:a",
        "pcm_f32le",
        at("loud.wav"),
      );
      expect(
        (await decodeAudio(at("loud.wav")))?.samples.reduce(
          (most, value) => Math.max(most, Math.abs(value)),
          0,
        ),
      ).toBe(1);
      const bytes = readFileSync(at("loud.wav"));
      bytes.writeFloatLE(NaN, bytes.length - 4000);
      writeFileSync(at("nan.wav"), bytes);
      expect(await errorOf(decodeAudio(at("nan.wav")))).toMatchObject({
        code: "media.damaged",
        message: expect.stringContaining("not a number") as string,
      });
    });

    it("a file with a misleading name", async () => {
      ffmpeg("-i", utterances.young.file, "-f", "flac", at("song.mp4"));
      expect((await decodeAudio(at("song.mp4")))?.samples.length).toBe(47840);
    });

    it("a rotated video is upright, odd sizes and non-square pixels are right", async () => {
      ffmpeg(...pattern("160x120", 1), at("plain.mp4"));
      ffmpeg("-i", at("plain.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", at("turned.mp4"));
      const probe = await probeMedia(at("turned.mp4"));
      expect(probe.video).toMatchObject({ width: 120, height: 160 });
      expect((await framesOf(at("turned.mp4")))[0]?.image).toMatchObject({ width: 120, height: 160 });
      ffmpeg(
        ...pattern("200x200", 1),
        "-vf",
        "scale=101:57,setsar=1,format=yuv444p",
        "-c:v",
        "ffv1",
        at("odd.mkv"),
      );
      expect((await framesOf(at("odd.mkv")))[0]?.image).toMatchObject({ width: 101, height: 57 });
      ffmpeg(...pattern("100x100", 1), "-vf", "setsar=2", at("wide.mkv"));
      expect((await framesOf(at("wide.mkv"), { maxSide: 100 }))[0]?.image).toMatchObject({
        width: 100,
        height: 50,
      });
      ffmpeg(
        ...pattern("200x200", 1),
        "-vf",
        "scale=1:1,setsar=1,format=yuv444p",
        "-c:v",
        "ffv1",
        at("dot.mkv"),
      );
      expect((await framesOf(at("dot.mkv")))[0]?.image).toMatchObject({ width: 1, height: 1 });
    });

    it("a variable rate of frames: each frame is shown for as long as it lasts", async () => {
      // Clip that is red until 1 s, then blue. Three of forty frames are stored.
      const colour = (name: string, seconds: number): string[] => [
        "-f",
        "lavfi",
        "-i",
        `color=${name}:size=64x64:rate=10:duration=${seconds}`,
      ];
      ffmpeg(
        ...colour("red", 1),
        ...colour("blue", 3),
        "-filter_complex",
        "[0][1]concat=n=2,select='eq(n,0)+eq(n,10)+eq(n,39)'",
        "-fps_mode",
        "vfr",
        "-c:v",
        "ffv1",
        at("varying.mkv"),
      );
      const colours = (await framesOf(at("varying.mkv"), { fps: 2 })).map((frame) =>
        (meanColour(frame)[0] ?? 0) > 128 ? "red" : "blue",
      );
      expect(colours.slice(0, 8)).toEqual(["red", "red", "blue", "blue", "blue", "blue", "blue", "blue"]);
    });

    it("sound that starts late keeps its time", async () => {
      ffmpeg(
        ...pattern("64x64", 2),
        "-itsoffset",
        "1",
        "-f",
        "lavfi",
        "-i",
        "sine=sample_rate=16000:duration=1",
        "-c:a",
        "pcm_s16le",
        at("late.mkv"),
      );
      const samples = (await decodeAudio(at("late.mkv")))?.samples ?? new Float32Array();
      const first = samples.findIndex((value) => value !== 0);
      expect(samples.length / 16000).toBeCloseTo(2, 1);
      expect(first / 16000).toBeCloseTo(1, 1);
    });
  });

  describe("absent and empty", () => {
    it("no sound stream is undefined, no video stream has no frames", async () => {
      makeClip(at("mute.mp4"), { sound: "none", seconds: 1 });
      expect(await decodeAudio(at("mute.mp4"))).toBeUndefined();
      expect(await framesOf(utterances.young.file)).toEqual([]);
      expect((await probeMedia(utterances.young.file)).video).toBeUndefined();
    });

    it("a wav without samples is an empty sound", async () => {
      ffmpeg("-i", utterances.young.file, "-t", "0", at("empty.wav"));
      expect(await decodeAudio(at("empty.wav"))).toEqual({ samples: new Float32Array(0), sampleRate: 16000 });
    });

    it("a cover picture is not a video", async () => {
      ffmpeg("-f", "lavfi", "-i", "color=red:size=64x64:duration=0.1", "-frames:v", "1", at("cover.png"));
      ffmpeg(
        ...[
          "-i",
          utterances.young.file,
          "-i",
          at("cover.png"),
          "-map",
          "0",
          "-map",
          "1",
          "-c:v",
          "copy",
          "-disposition:v",
          "attached_pic",
          at("cover.mp3"),
        ],
      );
      expect((await probeMedia(at("cover.mp3"))).video).toBeUndefined();
      expect(await framesOf(at("cover.mp3"))).toEqual([]);
    });
  });

  describe("damaged", () => {
    it("a clip cut before its index cannot be opened", async () => {
      makeClip(at("cut.mp4"));
      truncateSync(at("cut.mp4"), 30_000);
      expect(await errorOf(decodeAudio(at("cut.mp4")))).toMatchObject({
        code: "media.damaged",
        hint: expect.stringContaining("cut off") as string,
      });
    });

    it("a clip that is cut after its index gives the rest, with a note", async () => {
      const whole = readFileSync(at("clip.mp4"));
      writeFileSync(at("short.mp4"), whole.subarray(0, whole.length / 2));
      const notes: DecodeNote[] = [];
      const options: DecodeOptions = { onNote: (note) => notes.push(note) };
      const [frames, audio] = [
        await framesOf(at("short.mp4"), options),
        await decodeAudio(at("short.mp4"), options),
      ];
      expect(frames.length).toBeGreaterThan(0);
      expect(frames.length).toBeLessThan(15);
      expect(audio?.samples.length).toBeGreaterThan(0);
      expect(audio?.samples.length).toBeLessThan(40_000);
      expect(notes.map(({ code }) => code)).toEqual(["truncated", "truncated"]);
      expect(notes[0]?.message).toMatch(/^its video ends at \d\.\d s of \d\.\d s$/u);
    });

    it.each([
      ["text", Buffer.from("Dear all,\nthis is no clip.\n"), "media.unsupported"],
      ["nothing", Buffer.alloc(0), "media.damaged"],
      [
        "random bytes",
        Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 37 + 11) % 251)),
        "media.unsupported",
      ],
    ])("%s named clip.mp4", async (name, bytes, code) => {
      const path = at(`${name.replace(" ", "-")}.mp4`);
      writeFileSync(path, bytes);
      const error = await errorOf(decodeAudio(path));
      expect(error.code).toBe(code);
      expect(error.message).toContain(path);
      expect(await errorOf(framesOf(path))).toMatchObject({ code });
    });

    it("a missing file and a folder", async () => {
      expect(await errorOf(probeMedia(at("absent.mp4")))).toMatchObject({ code: "media.not-found" });
      expect(await errorOf(probeMedia(folder))).toMatchObject({ code: "media.unsupported" });
    });

    it("a missing program is named, with how to install it", async () => {
      const tools = { ffmpeg: "ffmpeg-that-is-not-there", ffprobe: "ffprobe-that-is-not-there" };
      const error = await errorOf(decodeAudio(at("clip.mp4"), { tools }));
      expect(error).toMatchObject({
        code: "media.missing-tool",
        hint: expect.stringContaining("ffmpeg") as string,
      });
      expect(error.message).toContain("ffprobe-that-is-not-there");
    });
  });

  describe("hostile", () => {
    it.each([
      [
        "an HLS playlist",
        (clip: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://${clip}\n#EXT-X-ENDLIST\n`,
      ],
      [
        "an HLS playlist of an address",
        () => "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
      ],
      ["a concat script", () => "ffconcat version 1.0\nfile clip.mp4\n"],
      [
        "a DASH manifest",
        (clip: string) =>
          `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" ` +
          `type="static"><Period><AdaptationSet><Representation><BaseURL>${clip}</BaseURL>` +
          "</Representation></AdaptationSet></Period></MPD>",
      ],
    ])("%s is not followed, whatever its name", async (name, script) => {
      for (const extension of ["mp4", "m3u8"]) {
        const path = at(`${name.replaceAll(" ", "-")}.${extension}`);
        writeFileSync(path, script(at("clip.mp4")));
        expect(await errorOf(decodeAudio(path))).toMatchObject({ code: "media.unsupported" });
      }
    });

    it("names that look like options, protocols and patterns are names", async () => {
      const clip = readFileSync(at("clip.mp4"));
      const before = process.cwd();
      const names = ["-i.mp4", "concat:a|b.mp4", "frame%03d.mp4", "pipe:0", "späte Probe 'x'.mp4"];
      for (const name of names) writeFileSync(at(name), clip);
      process.chdir(folder);
      try {
        for (const name of names) expect((await probeMedia(name)).audio?.codec).toBe("aac");
        expect((await decodeAudio("-i.mp4"))?.samples.length).toBeGreaterThan(40_000);
      } finally {
        process.chdir(before);
      }
    });

    it("a clip longer than the limit is refused by its header, or by its content without one", async () => {
      const limits = { maxSeconds: 1 };
      expect(await errorOf(decodeAudio(at("clip.mp4"), { limits }))).toMatchObject({
        code: "media.too-large",
        hint: expect.stringContaining("limit") as string,
      });
      expect(await errorOf(framesOf(at("clip.mp4"), { limits }))).toMatchObject({ code: "media.too-large" });
      const probe = { ...(await probeMedia(at("clip.mp4"))), seconds: undefined };
      const silent = {
        ...probe,
        audio: {
          ...(probe.audio ?? { index: 1, codec: "", sampleRate: 1, channels: 1 }),
          seconds: undefined,
        },
        video: undefined,
      };
      expect(await errorOf(decodeAudio(at("clip.mp4"), { limits, probe: silent }))).toMatchObject({
        code: "media.too-large",
      });
    });

    it("two hours of sound pass through in blocks", async () => {
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "anullsrc=sample_rate=4000:channel_layout=mono",
        "-t",
        "7200",
        "-c:a",
        "pcm_u8",
        at("long.wav"),
      );
      expect(await errorOf(decodeAudio(at("long.wav")))).toMatchObject({ code: "media.too-large" });
      let [count, largest] = [0, 0];
      for await (const block of decodeAudioBlocks(at("long.wav"), {
        sampleRate: 4000,
        limits: { maxSeconds: 8000 },
      })) {
        count += block.length;
        largest = Math.max(largest, block.length);
      }
      expect(count).toBe(7200 * 4000);
      expect(largest).toBeLessThan(1_000_000);
    });

    it("a frame with too many pixels is refused", async () => {
      expect(await errorOf(framesOf(at("clip.mp4"), { limits: { maxPixels: 1000 } }))).toMatchObject({
        code: "media.too-large",
      });
    });
  });
});

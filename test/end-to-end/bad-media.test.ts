import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EuarError } from "../../src/core/errors.js";
import type { ExtractedFeatures, FeatureExtractor } from "../../src/features/feature-extractor.js";
import type { AudioMedia, ImageMedia } from "../../src/features/media.js";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createExtractor } from "../../src/features/registry.js";
import { clipsUnavailable, ffmpeg, makeClip, utterances } from "../../src/features/testing/make-clip.js";
import { makePosts } from "../../src/features/testing/make-posts.js";
import { Predictor } from "../../src/predict/predictor.js";
import {
  animation,
  type BadFile,
  flatPicture,
  goodPicture,
  makeBadClips,
  makeBadPictures,
} from "../bad-media.js";
import { decodeFile } from "../decode-file.js";
import { euarWithPeak } from "../peak-memory.js";
import { euar, jsonOf } from "../run-euar.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: clips cannot be made, for ${unavailable}.`);

/**
 * Most memory of a process that looks at one file, MiB: Node with the networks of all adapters takes about
 * half of it.
 */
const MOST_MIB = 1024;

interface AnswerLine {
  readonly id?: string;
  readonly prediction?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | null };
}

interface FailureLine {
  readonly id: string;
  readonly modality?: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

function linesOf<Line>(text: string): Line[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

describe.skipIf(unavailable !== undefined)("bad media", () => {
  let folder = "";
  let server: Server;
  let requests = 0;
  let clips: readonly BadFile[] = [];
  let pictures: readonly BadFile[] = [];
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-bad-media-"));
    server = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    clips = makeBadClips(folder);
    pictures = await makeBadPictures(
      folder,
      `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`,
    );

    mkdirSync(at("clips/v"), { recursive: true });
    const rows = ["train", "valid", "test"].map((mode, i) => {
      makeClip(at(`clips/v/good${i}.mp4`), {
        face: i % 2 === 0 ? "calmMan" : "smilingWoman",
        sound: "amiable",
        seconds: 1,
      });
      return `v,good${i},so it is,${i - 1},${mode}`;
    });
    writeFileSync(at("clips/label.csv"), `${["video_id,clip_id,text,label,mode", ...rows].join("\n")}\n`);
    await makePosts(at("posts"), 3);
    for (const [input, data, run] of [
      ["clips", "clip-data", "clip-run"],
      ["posts", "post-data", "post-run"],
    ] as const) {
      expect(
        euar(["extract", input, "--out", data, "--steps", "8", "--workers", "1", "--quiet"], { cwd: folder })
          .code,
      ).toBe(0);
      expect(
        euar(["train", "--data", data, "--model", "linear", "--epochs", "1", "--out", run, "--quiet"], {
          cwd: folder,
        }).code,
      ).toBe(0);
    }
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  /** That an error names the file and what is wrong with it, and says what to do. */
  function expectClear({ name, code, says }: BadFile, error: AnswerLine["error"]): void {
    expect(error?.code, `${name}: ${error?.message ?? ""}`).toBe(code);
    expect(error?.message).toContain(name);
    expect(error?.hint ?? "", `${name}: no remedy`).toMatch(/\S{3}/);
    expect(`${error?.message ?? ""} ${error?.hint ?? ""}`).toMatch(says);
    expect(error?.message).not.toMatch(/\n\s+at /);
  }

  it("is a clear error in the library", async () => {
    const [clipModel, postModel] = [
      await Predictor.load(at("clip-run")),
      await Predictor.load(at("post-run")),
    ];
    for (const bad of [...clips, ...pictures]) {
      const model = bad.as === "image" ? postModel : clipModel;
      const error: unknown = await model.predictMedia({ [bad.as]: at(bad.name) }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, bad.name).toBeInstanceOf(EuarError);
      if (error instanceof EuarError)
        expectClear(bad, { code: error.code, message: error.message, hint: error.hint ?? null });
    }
    await Promise.all([clipModel.close(), postModel.close()]);
  });

  it.each([
    ["clip-run", "what a day"],
    ["post-run", "what a day"],
  ])("is a clear answer in a stream of euar predict (%s), which goes on", (run, text) => {
    const bad = run === "clip-run" ? clips : pictures;
    const input = [...bad.map(({ name, as }) => ({ id: name, [as]: name })), { id: "good", text }];
    const outcome = euar(["predict", "--run", run, "--json", "-"], {
      cwd: folder,
      input: `${input.map((line) => JSON.stringify(line)).join("\n")}\n`,
    });
    const answers = linesOf<AnswerLine>(outcome.stdout);
    expect(answers.map(({ id }) => id)).toEqual(input.map(({ id }) => id));
    bad.forEach((file, i) => {
      expectClear(file, answers[i]?.error);
    });
    expect(answers.at(-1)?.prediction).toBeDefined();
    expect(outcome.code).toBe(8);
  });

  it("costs its sample that modality in euar extract, with the reason and the remedy", () => {
    mkdirSync(at("mixed/v"), { recursive: true });
    const names = [...new Set(clips.map(({ name }) => name))];
    // A clip is found by its name without the ending.
    const idOf = (name: string): string => name.replace(/\./g, "-");
    for (const name of names) renameSync(at(name), at(`mixed/v/${idOf(name)}${extname(name)}`));
    const rows = names.map((name) => `v,${idOf(name)},so it is,1,train`);
    for (const i of [0, 1, 2]) renameSync(at(`clips/v/good${i}.mp4`), at(`mixed/v/good${i}.mp4`));
    rows.push(...["train", "valid", "test"].map((mode, i) => `v,good${i},so it is,${i - 1},${mode}`));
    writeFileSync(at("mixed/label.csv"), `${["video_id,clip_id,text,label,mode", ...rows].join("\n")}\n`);
    const summary = jsonOf(
      euar(
        [
          "extract",
          "mixed",
          "--out",
          "mixed-data",
          "--cache",
          "clip-data/.cache",
          "--steps",
          "8",
          "--workers",
          "1",
          "--json",
        ],
        { cwd: folder },
      ),
    );
    expect(summary).toMatchObject({ sizes: { train: names.length + 1, valid: 1, test: 1 }, leftOut: 0 });
    const failures = linesOf<FailureLine>(readFileSync(at("mixed-data/failures.jsonl"), "utf8"));
    const qualities = linesOf<{ id: string; modality: string }>(
      readFileSync(at("mixed-data/quality.jsonl"), "utf8"),
    );
    for (const bad of clips) {
      const id = `v$_$${idOf(bad.name)}`;
      const modality = bad.as === "video" ? "vision" : bad.as;
      const failure = failures.find((line) => line.id === id && line.modality === modality);
      expect(
        qualities.some((line) => line.id === id && line.modality === modality),
        bad.name,
      ).toBe(false);
      // A stream that a clip does not have is missing, which is no failure.
      if (/has no/.test(bad.says.source)) expect(failure, bad.name).toBeUndefined();
      else
        expectClear({ ...bad, name: idOf(bad.name) }, failure && { ...failure, hint: failure.hint ?? null });
      expect(
        qualities.some((line) => line.id === id && line.modality === "text"),
        bad.name,
      ).toBe(true);
    }
    for (const name of names) renameSync(at(`mixed/v/${idOf(name)}${extname(name)}`), at(name));
  });

  it("of pictures removes the image of its post in euar extract", () => {
    const lines = pictures.map(({ name }) =>
      JSON.stringify({ id: name, label: "neutral", text: "so it is", img: `images/${name}` }),
    );
    for (const { name } of pictures) renameSync(at(name), at(`posts/images/${name}`));
    writeFileSync(
      at("posts/train.jsonl"),
      `${readFileSync(at("posts/train.jsonl"), "utf8")}${lines.join("\n")}\n`,
    );
    const summary = jsonOf(
      euar(
        [
          "extract",
          "posts",
          "--out",
          "mixed-posts",
          "--cache",
          "post-data/.cache",
          "--steps",
          "8",
          "--workers",
          "1",
          "--json",
        ],
        { cwd: folder },
      ),
    );
    expect(summary).toMatchObject({ failures: pictures.length, leftOut: 0 });
    const failures = linesOf<FailureLine>(readFileSync(at("mixed-posts/failures.jsonl"), "utf8"));
    pictures.forEach((bad, i) => {
      expect(failures[i]).toMatchObject({ id: bad.name, modality: "image" });
      expectClear(bad, failures[i] && { ...failures[i], hint: failures[i].hint ?? null });
    });
    for (const { name } of pictures) renameSync(at(`posts/images/${name}`), at(name));
  });

  it("requested no address", () => {
    expect(requests).toBe(0);
  });

  describe("needs bounded memory:", () => {
    it.each([
      ["two hours, said in the header", "clip-run", "two-hours.mp4", "media.too-large"],
      ["two hours that no header tells of", "clip-run", "two-hours-unsaid.mkv", "media.too-large"],
      ["400 million pixels", "post-run", "bomb.png", "media.too-large"],
    ])("%s", (_, run, name, code) => {
      const flag = extname(name) === ".png" ? [] : ["--audio"];
      const outcome = euarWithPeak(["predict", "--run", run, ...flag, name, "--json"], folder);
      expect(jsonOf(outcome)).toMatchObject({ error: { code } });
      expect(outcome.peakMiB).toBeLessThan(MOST_MIB / 2);
    });

    it("the largest picture that is read, which has to be decoded as a whole", async () => {
      await flatPicture(10_000).png({ progressive: true, compressionLevel: 1 }).toFile(at("largest.png"));
      const outcome = euarWithPeak(
        ["predict", "--run", "post-run", "largest.png", "--text", "what a lovely day", "--json"],
        folder,
      );
      expect(jsonOf(outcome)).toMatchObject({
        modalities: { image: { present: true } },
        doubted: [{ modality: "image", reasons: [{ code: "image.flat" }] }],
      });
      expect(outcome.peakMiB).toBeLessThan(MOST_MIB);
    });
  });

  describe("that can be read gives the right features:", () => {
    let audio: FeatureExtractor<AudioMedia>;
    let image: FeatureExtractor<ImageMedia>;
    let spoken: ExtractedFeatures;
    const heard = async (path: string): Promise<ExtractedFeatures> => {
      const media = await decodeFile("audio", path, { fps: 5 });
      expect(media, path).toBeDefined();
      return audio.extract(media ?? { samples: new Float32Array(), sampleRate: 16000 });
    };
    const seen = async (path: string): Promise<Float32Array> => {
      const media = await decodeFile("image", path, { fps: 5 });
      return (await image.extract(media ?? { width: 0, height: 0, rgb: new Uint8Array() })).sequence;
    };
    const written = async (name: string, bytes: Promise<Buffer>): Promise<string> => {
      writeFileSync(at(name), await bytes);
      return at(name);
    };

    beforeAll(async () => {
      audio = await createExtractor("audio", { adapter: "audio/covarep", options: {} }, nodeEnvironment);
      image = await createExtractor(
        "image",
        { adapter: "image/mobilenet-v2-mid", options: {} },
        nodeEnvironment,
      );
      spoken = await heard(utterances.young.file);
    });
    afterAll(() => {
      audio.close();
      image.close();
    });

    it.each([
      ["24 bits", ["-c:a", "pcm_s24le"], "wav"],
      ["32-bit floats", ["-c:a", "pcm_f32le"], "wav"],
      ["flac under the name of an mp4", ["-c:a", "flac", "-f", "flac"], "mp4"],
      ["an mp4 under the name of a wav", ["-c:a", "alac", "-f", "mp4"], "wav"],
    ])("%s: those of 16 bits, bit for bit", async (name, output, ending) => {
      const path = at(`${name.replaceAll(" ", "-")}.${ending}`);
      ffmpeg("-i", utterances.young.file, ...output, path);
      const { sequence, mask, quality } = await heard(path);
      expect(Buffer.compare(Buffer.from(sequence.buffer), Buffer.from(spoken.sequence.buffer))).toBe(0);
      expect(mask).toEqual(spoken.mask);
      expect(quality).toEqual(spoken.quality);
    });

    it.each([
      ["192,000 samples a second", ["-ar", "192000"], 0.15],
      ["stereo", ["-af", "pan=stereo|c0=c0|c1=c0"], 0.001],
      ["5.1", ["-af", "pan=5.1|c0=c0|c1=c0|c2=c0|c3=0*c0|c4=c0|c5=c0"], 0.001],
    ])("%s: close to those of 16 bits, mono, 16,000 samples a second", async (name, output, tolerance) => {
      const path = at(`${name.replaceAll(" ", "-")}.wav`);
      ffmpeg("-i", utterances.young.file, ...output, path);
      const features = await heard(path);
      expect(features.steps).toBe(spoken.steps);
      expect(distance(delayed(spoken), spoken)).toBeGreaterThan(0.9);
      expect(distance(features, spoken)).toBeLessThan(tolerance);
    });

    it.each([
      // Its noise covers the upper half of the spectrum, which therefore differs.
      ["8 bits", ["-c:a", "pcm_u8"], 0.95],
      ["4000 samples a second", ["-ar", "4000"], 0.8],
    ])("%s: the same voice", async (name, output, share) => {
      const path = at(`${name.replaceAll(" ", "-")}.wav`);
      ffmpeg("-i", utterances.young.file, ...output, path);
      const features = await heard(path);
      expect(features.steps).toBe(spoken.steps);
      const { voicing, f0 } = voiceAgreement(features, spoken);
      expect(voicing).toBeGreaterThan(share);
      expect(f0).toBeLessThan(0.01);
    });

    it("samples beyond full scale, infinite ones included, are clipped, with a note", async () => {
      ffmpeg("-i", utterances.young.file, "-af", "volume=30dB", "-c:a", "pcm_f32le", at("loud.wav"));
      const bytes = readFileSync(at("loud.wav"));
      bytes.writeFloatLE(Infinity, bytes.length - 4000);
      writeFileSync(at("loud.wav"), bytes);
      const { sequence, quality } = await heard(at("loud.wav"));
      expect(sequence.every(Number.isFinite)).toBe(true);
      expect(quality.problems.map(({ code }) => code)).toContain("audio.clipped");
    });

    it("no samples: no usable sample, with the reason", async () => {
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "anullsrc=sample_rate=16000:channel_layout=mono",
        "-t",
        "0",
        "-c:a",
        "pcm_s16le",
        at("zero.wav"),
      );
      const { mask, quality } = await heard(at("zero.wav"));
      expect([...mask]).toEqual([0]);
      expect(quality.problems.map(({ code }) => code)).toContain("audio.short");
    });

    it.each([
      [
        "a JPEG under the name of a PNG",
        "jpeg.png",
        () => goodPicture().jpeg().toBuffer(),
        () => goodPicture().jpeg().toBuffer(),
        0,
      ],
      [
        "the first frame of an animated WebP",
        "animated.webp",
        () => animation().webp({ lossless: true }).toBuffer(),
        () => goodPicture().png().toBuffer(),
        0,
      ],
      [
        "the first frame of an animated GIF",
        "animated.gif",
        () => animation().gif({ dither: 0 }).toBuffer(),
        () => goodPicture().png().toBuffer(),
        0.1,
      ],
      [
        "CMYK",
        "cmyk.jpg",
        () => goodPicture().toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer(),
        () => goodPicture().png().toBuffer(),
        0.3,
      ],
      [
        "turned by its EXIF",
        "turned.png",
        () => goodPicture().withMetadata({ orientation: 6 }).png().toBuffer(),
        () => goodPicture().rotate(90).png().toBuffer(),
        0,
      ],
      [
        "16 bits",
        "deep.png",
        () => goodPicture().toColourspace("rgb16").png().toBuffer(),
        () => goodPicture().png().toBuffer(),
        0.1,
      ],
    ])("%s", async (_, name, make, makeReference, tolerance) => {
      const [got, expected] = [
        await seen(await written(name, make())),
        await seen(await written(`reference-${basename(name)}`, makeReference())),
      ];
      const norm = (values: Float32Array): number =>
        Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      expect(norm(got.map((value, i) => value - (expected[i] ?? NaN))) / norm(expected)).toBeLessThanOrEqual(
        tolerance,
      );
      expect(norm(got)).toBeGreaterThan(0);
    });

    it("one pixel: features, and the problem that it is too small", async () => {
      const media = await decodeFile("image", await written("dot.png", flatPicture(1).png().toBuffer()), {
        fps: 5,
      });
      const { quality } = await image.extract(media ?? { width: 0, height: 0, rgb: new Uint8Array() });
      expect(quality.problems.map(({ code }) => code)).toEqual(
        expect.arrayContaining(["image.small", "image.flat"]),
      );
    });
  });

  it("is not found for short sound, a held picture, or a header that guesses the length", async () => {
    ffmpeg(
      "-i",
      at("clip.mp4"),
      "-i",
      at("clip.mp4"),
      "-map",
      "0:v",
      "-map",
      "1:a",
      "-af",
      "atrim=end=1",
      "-c:v",
      "copy",
      at("short-sound.mkv"),
    );
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1/5:duration=10", at("held.mp4"));
    // Silence has few bits and comes first.
    ffmpeg(
      "-i",
      at("clip.mp4"),
      "-vn",
      "-af",
      "adelay=4000",
      "-q:a",
      "0",
      "-write_xing",
      "0",
      at("guess.mp3"),
    );
    for (const [name, kind] of [
      ["short-sound.mkv", "audio"],
      ["held.mp4", "video"],
      ["guess.mp3", "audio"],
    ] as const) {
      const notes: unknown[] = [];
      const media = await decodeFile(kind, at(name), { fps: 5, onNote: (note) => notes.push(note) });
      if (media !== undefined && Symbol.asyncIterator in media)
        for await (const { time } of media) expect(time).toBeGreaterThanOrEqual(0);
      expect(media, name).toBeDefined();
      expect(notes, name).toEqual([]);
    }
  });

  it("is scored and doubted if a part can be read, whatever its container", async () => {
    const model = await Predictor.load(at("clip-run"));
    for (const [name, output] of [
      ["half.mp4", ["-movflags", "+faststart"]],
      ["half.mkv", []],
    ] as const) {
      ffmpeg("-i", at("clip.mp4"), "-c", "copy", ...output, at(name));
      const whole = readFileSync(at(name));
      const intact = await model.predictMedia({ audio: at(name), video: at(name) });
      expect(intact.doubted, name).toEqual([]);
      writeFileSync(at(name), whole.subarray(0, whole.length >> 1));
      const { prediction, doubted, verdict } = await model.predictMedia({ audio: at(name), video: at(name) });
      expect(prediction).toBeTypeOf("number");
      expect(
        doubted
          .map(({ modality, used, reasons }) => [
            modality,
            used,
            reasons.some(({ code }) => code?.endsWith(".truncated")),
          ])
          .sort(),
        name,
      ).toEqual([
        ["audio", true, true],
        ["vision", true, true],
      ]);
      expect(verdict).toMatch(/its sound ends at \d\.\d s of 2\.\d s/);
    }
    await model.close();
  });
});

/**
 * Mean difference over the frames of speech and the columns that vary, in standard deviations of the expected
 * column. What has nothing to do with each other lies above 0.9.
 */
function distance(got: ExtractedFeatures, expected: ExtractedFeatures): number {
  const { steps, width, mask } = expected;
  const frames = Array.from({ length: steps }, (_, t) => t).filter((t) => mask[t] === 1);
  const columns = Array.from({ length: width }, (_, d) => d).flatMap((d) => {
    const values = frames.map((t) => expected.sequence[t * width + d] ?? NaN);
    const mean = meanOf(values);
    const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
    return deviation === 0
      ? []
      : [
          meanOf(frames.map((t, i) => Math.abs((got.sequence[t * width + d] ?? NaN) - (values[i] ?? NaN)))) /
            deviation,
        ];
  });
  return meanOf(columns);
}

/**
 * Share of the frames with the same voicing, and the median relative difference of F0 where both are voiced.
 */
function voiceAgreement(
  got: ExtractedFeatures,
  expected: ExtractedFeatures,
): { readonly voicing: number; readonly f0: number } {
  const frames = Array.from({ length: expected.steps }, (_, t) => t * expected.width).map((at) => ({
    got: got.sequence.subarray(at, at + 2),
    expected: expected.sequence.subarray(at, at + 2),
  }));
  const same = frames.filter((frame) => frame.got[1] === frame.expected[1]);
  const differences = same
    .filter((frame) => frame.got[1] === 1)
    .map((frame) => Math.abs((frame.got[0] ?? NaN) / (frame.expected[0] ?? NaN) - 1));
  return {
    voicing: same.length / frames.length,
    f0: differences.sort((a, b) => a - b)[differences.length >> 1] ?? NaN,
  };
}

/** Half a second later. */
function delayed(features: ExtractedFeatures): ExtractedFeatures {
  const sequence = new Float32Array(features.sequence.length);
  sequence.set(features.sequence.subarray(0, -50 * features.width), 50 * features.width);
  return { ...features, sequence };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeFrames } from "../decode/ffmpeg-frames.js";
import type { ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { VideoFrame, VideoMedia } from "../media.js";
import { missingPackage } from "../missing-package.js";
import { nodeAssets } from "../node-assets.js";
import { clipsUnavailable, ffmpeg, makeClip, makePicture, type ClipOptions } from "../testing/make-clip.js";
import { faceFeatureNames } from "./face-features.js";
import { asVideo, createFaceExtractor } from "./face-extractor.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: ${unavailable}, so there are no faces to look at.`);

describe.skipIf(unavailable !== undefined)("face/mesh", () => {
  let folder = "";
  let extractor: FeatureExtractor<VideoMedia>;
  const fetched = vi.fn<typeof fetch>(() => Promise.reject(new Error("nothing may be fetched")));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-face-"));
    vi.stubGlobal("fetch", fetched);
    extractor = await createFaceExtractor({ minScore: 0.5, embedding: false }, { readAsset: nodeAssets });
  });
  afterAll(() => {
    extractor.close();
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true, force: true });
  });

  async function extractClip(options: ClipOptions, fps = 3): Promise<ExtractedFeatures> {
    const path = makeClip(join(folder, `${JSON.stringify(options).replaceAll(/\W+/gu, "-")}.mp4`), {
      sound: "none",
      seconds: 1,
      ...options,
    });
    return extractor.extract(decodeFrames(path, { fps, maxSide: 480 }));
  }

  async function pictureFrame(options: Parameters<typeof makePicture>[1]): Promise<VideoFrame> {
    const path = makePicture(join(folder, "picture.png"), options);
    ffmpeg("-i", path, "-c:v", "ffv1", join(folder, "picture.mkv"));
    for await (const frame of decodeFrames(join(folder, "picture.mkv"), { fps: 1 })) return frame;
    throw new Error("the picture has no frame");
  }

  function feature(features: ExtractedFeatures, step: number, name: string): number {
    return features.sequence[step * features.width + faceFeatureNames.indexOf(name)] ?? NaN;
  }

  const codes = ({ quality }: ExtractedFeatures): string[] => quality.problems.map(({ code }) => code);

  it("a clip of one face: every frame is used, nothing is wrong, nothing was fetched", async () => {
    const features = await extractClip({ face: "man" });
    expect(features).toMatchObject({
      steps: 3,
      width: faceFeatureNames.length,
      mask: Uint8Array.of(1, 1, 1),
    });
    expect(Array.from(features.times).map((time) => time.toFixed(3))).toEqual([
      "0.000",
      "0.333",
      "0.333",
      "0.667",
      "0.667",
      "1.000",
    ]);
    expect(features.sequence.every(Number.isFinite)).toBe(true);
    expect(codes(features)).toEqual([]);
    expect(features.quality.score).toBe(1);
    expect(feature(features, 0, "face.size")).toBeGreaterThan(0.5);
    expect(Math.abs(feature(features, 0, "pose.yaw"))).toBeLessThan(0.3);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("a smile is a smile, a calm face is none", async () => {
    const smiling = await extractor.extract(asVideo((await pictureFrame({ face: "smilingWoman" })).image));
    const calm = await extractor.extract(asVideo((await pictureFrame({ face: "calmMan" })).image));
    expect(feature(smiling, 0, "emotion.happy")).toBeGreaterThan(0.9);
    expect(feature(calm, 0, "emotion.neutral")).toBeGreaterThan(0.5);
    expect(feature(smiling, 0, "au.12")).toBeGreaterThan(feature(calm, 0, "au.12") + 0.3);
    expect(feature(smiling, 0, "au.25")).toBeGreaterThan(feature(calm, 0, "au.25") + 0.3);
    expect(feature(smiling, 0, "au.45")).toBeLessThan(0.2);
    expect(Array.from(smiling.times)).toEqual([0, 0]);
  });

  it("gives the same bits every time, whatever was seen before", async () => {
    const frame = await pictureFrame({ face: "man" });
    const first = await extractor.extract(asVideo(frame.image));
    await extractClip({ face: "several" }, 1);
    expect((await extractor.extract(asVideo(frame.image))).sequence).toEqual(first.sequence);
  });

  it.each([
    [{ fault: "black" }, ["face.none", "image.dark"], 0],
    [{ fault: "blurred" }, ["image.blurred"], undefined],
    [{ fault: "noisy" }, ["image.noisy"], undefined],
    [{ face: "none" }, ["face.none"], 0],
    [{ fault: "tiny" }, ["face.small"], 1],
    [{ face: "several" }, ["face.several"], 1],
    [{ fault: "frozen" }, ["video.frozen"], 1],
  ] as const)("%o is named: %s", async (options, expected, mask) => {
    const features = await extractClip(options);
    expect(codes(features)).toEqual(expect.arrayContaining([...expected]));
    expect(features.quality.score).toBeLessThan(0.8);
    if (mask !== undefined) expect(Array.from(features.mask)).toEqual([mask, mask, mask]);
    if (mask === 0) expect(features.sequence.every((value) => value === 0)).toBe(true);
  });

  it("a face in few frames masks the other frames", async () => {
    const [face, black] = [
      (await pictureFrame({ face: "man" })).image,
      (await pictureFrame({ fault: "black" })).image,
    ];
    async function* mostlyBlack(): VideoMedia {
      for (let i = 0; i < 4; i++) yield await Promise.resolve({ time: i, image: i === 1 ? face : black });
    }
    const features = await extractor.extract(mostlyBlack());
    expect(Array.from(features.mask)).toEqual([0, 1, 0, 0]);
    expect(features.quality.problems.find(({ code }) => code === "face.rare")).toMatchObject({
      severity: 0.75,
      message: "a face was found in only 25% of its frames",
    });
  });

  it("no frames at all is one masked step", async () => {
    async function* nothing(): VideoMedia {}
    const features = await extractor.extract(nothing());
    expect(features).toMatchObject({ steps: 1, mask: Uint8Array.of(0) });
    expect(codes(features)).toEqual(["face.none"]);
  });

  it("one pixel has no face, missing pixels are refused, and extraction can be stopped", async () => {
    expect((await extractor.extract(asVideo({ width: 1, height: 1, rgb: new Uint8Array(3) }))).mask).toEqual(
      Uint8Array.of(0),
    );
    await expect(
      extractor.extract(asVideo({ width: 4, height: 4, rgb: new Uint8Array(3) })),
    ).rejects.toMatchObject({ code: "media.damaged" });
    await expect(
      extractor.extract(
        asVideo({ width: 1, height: 1, rgb: new Uint8Array(3) }),
        AbortSignal.abort(new Error("enough")),
      ),
    ).rejects.toThrow("enough");
  });

  it("appends the embedding when asked", async () => {
    const withEmbedding = await createFaceExtractor(
      { minScore: 0.5, embedding: true },
      { readAsset: nodeAssets },
    );
    const features = await withEmbedding.extract(asVideo((await pictureFrame({ face: "man" })).image));
    withEmbedding.close();
    expect(features.width).toBe(faceFeatureNames.length + 1024);
    expect(withEmbedding.featureNames?.length).toBe(features.width);
    expect(features.sequence.subarray(faceFeatureNames.length).some((value) => value !== 0)).toBe(true);
  });

  it("names a missing package", async () => {
    const readAsset = (name: string, path: string): Promise<Uint8Array> =>
      name === "@vladmandic/human" ? Promise.reject(missingPackage(name, path)) : nodeAssets(name, path);
    await expect(
      createFaceExtractor({ minScore: 0.5, embedding: false }, { readAsset }),
    ).rejects.toMatchObject({ code: "media.missing-package", hint: "npm install @vladmandic/human" });
  });
});

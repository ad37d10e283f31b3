import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as browserEntry from "../../src/browser.js";
import { decodeAudio } from "../../src/features/decode/ffmpeg-audio.js";
import { decodeFrames } from "../../src/features/decode/ffmpeg-frames.js";
import { decodeImage } from "../../src/features/decode/image.js";
import { clipsUnavailable, ffmpeg, makeClip } from "../../src/features/testing/make-clip.js";
import { findChromium } from "../platform/find-chromium.js";
import { root } from "../run-euar.js";
import { PATIENCE } from "../within.js";

declare global {
  /** What the page has of the library. */
  var euarBrowser: typeof browserEntry;
}

const executablePath = findChromium();
const unavailable =
  executablePath === undefined
    ? "there is no Chromium on the path (EUAR_CHROMIUM names one)"
    : clipsUnavailable();
if (unavailable !== undefined)
  console.warn(`Skipped: media are not decoded in a browser, for ${unavailable}.`);

/**
 * Served by the test itself: nothing listens there. Localhost, because devices and hashes want a secure
 * context.
 */
const ORIGIN = "http://localhost:9";

describe.skipIf(unavailable !== undefined)("decoding in Chromium, compared with FFmpeg", () => {
  let folder = "";
  let browser: Browser;
  let page: Page;
  let library = "";
  const at = (name: string): string => join(folder, name);
  const base64 = (name: string): string => readFileSync(at(name)).toString("base64");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-decode-"));
    const { outputFiles } = await build({
      stdin: {
        contents: 'import * as entry from "euar/browser"; globalThis.euarBrowser = entry;',
        resolveDir: root,
      },
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false,
      tsconfigRaw: {},
    });
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ["--no-sandbox"],
    });
    library = outputFiles[0]?.text ?? "";
    page = await openPage();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page with the library, as a user has it. */
  const openPage = async (): Promise<Page> => {
    const opened = await browser.newPage();
    opened.setDefaultTimeout(PATIENCE);
    await opened.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/")
        return route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><script type="module" src="library.js"></script>',
        });
      if (pathname === "/library.js") return route.fulfill({ contentType: "text/javascript", body: library });
      return route.fulfill({ status: 404 });
    });
    await opened.goto(ORIGIN);
    await opened.waitForFunction(() => "euarBrowser" in globalThis);
    return opened;
  };

  const soundOf = (name: string): Promise<{ sampleRate: number; samples: number[] } | null> =>
    page.evaluate(async (data) => {
      const blob = await (await fetch(`data:application/octet-stream;base64,${data}`)).blob();
      const audio = await euarBrowser.decodeAudioInBrowser(blob);
      return audio ? { sampleRate: audio.sampleRate, samples: Array.from(audio.samples) } : null;
    }, base64(name));

  const framesOf = (
    name: string,
    fps: number,
    where = page,
  ): Promise<{ time: number; width: number; height: number; rgb: number[] }[] | null> =>
    where.evaluate(
      async ({ data, fps }) => {
        const blob = await (await fetch(`data:application/octet-stream;base64,${data}`)).blob();
        const video = await euarBrowser.decodeVideoInBrowser(blob, { fps, maxSide: 96 });
        if (!video) return null;
        const frames: { time: number; width: number; height: number; rgb: number[] }[] = [];
        for await (const { time, image } of video)
          frames.push({ time, width: image.width, height: image.height, rgb: Array.from(image.rgb) });
        return frames;
      },
      { data: base64(name), fps },
    );

  const expectSameFrames = async (
    name: string,
    here: readonly { time: number; width: number; height: number; rgb: number[] }[],
  ): Promise<void> => {
    const there: { time: number; image: { width: number; height: number; rgb: Uint8Array } }[] = [];
    for await (const frame of decodeFrames(at(name), { fps: 5, maxSide: 96 })) there.push(frame);
    expect(
      here.map(({ time }) => time),
      name,
    ).toEqual(there.map(({ time }) => time));
    here.forEach(({ width, height, rgb }, i) => {
      const { image } = there[i] ?? { image: undefined };
      expect([width, height]).toEqual([image?.width, image?.height]);
      expect(meanDifference(rgb, image?.rgb ?? new Uint8Array()), `${name}, frame ${i}`).toBeLessThan(4);
    });
  };

  /** The code of the error that a piece of work in the page ends with. */
  const failureOf = (work: "decodeAudioInBrowser" | "decodeVideoInBrowser", data: string): Promise<string> =>
    page.evaluate(
      async ({ work, data }) => {
        const blob = await (await fetch(`data:application/octet-stream;base64,${data}`)).blob();
        return euarBrowser[work](blob).then(
          () => "nothing",
          (error: unknown) => (error instanceof euarBrowser.EuarError ? error.code : String(error)),
        );
      },
      { work, data },
    );

  it("reads a wav of 16 kHz as FFmpeg does, to the rounding of 16 bits", async () => {
    makeClip(at("voice.mp4"), { seconds: 2 });
    ffmpeg("-i", at("voice.mp4"), "-vn", "-ar", "16000", "-ac", "1", at("voice.wav"));
    const [here, there] = [await soundOf("voice.wav"), await decodeAudio(at("voice.wav"))];
    expect(here?.sampleRate).toBe(16000);
    expect(here?.samples).toHaveLength(there?.samples.length ?? 0);
    expect(largestDifference(here?.samples ?? [], there?.samples ?? new Float32Array())).toBeLessThan(1e-4);
  });

  it("mixes a stereo sound of 44.1 kHz to mono at 16 kHz, nearly as FFmpeg does", async () => {
    ffmpeg(
      "-i",
      at("voice.wav"),
      "-f",
      "lavfi",
      "-i",
      "sine=frequency=440:duration=2",
      "-filter_complex",
      "[0:a]aresample=44100,aformat=channel_layouts=mono[a];" +
        "[1:a]volume=0.5,aformat=channel_layouts=mono[b];" +
        "[a][b]join=inputs=2:channel_layout=stereo",
      "-ar",
      "44100",
      at("stereo.wav"),
    );
    const [here, there] = [await soundOf("stereo.wav"), await decodeAudio(at("stereo.wav"))];
    expect(Math.abs((here?.samples.length ?? 0) - (there?.samples.length ?? 0))).toBeLessThan(32);
    expect(correlation(here?.samples ?? [], there?.samples ?? new Float32Array())).toBeGreaterThan(0.999);
  });

  it("takes frames at FFmpeg's times, also of a recording without a stated length", async () => {
    ffmpeg(
      "-i",
      at("voice.mp4"),
      "-c:v",
      "libvpx",
      "-b:v",
      "2M",
      "-deadline",
      "realtime",
      "-c:a",
      "libopus",
      at("voice.webm"),
    );
    ffmpeg("-i", at("voice.webm"), "-c", "copy", "-f", "webm", "-live", "1", at("endless.webm"));
    for (const name of ["voice.webm", "endless.webm"])
      await expectSameFrames(name, (await framesOf(name, 5)) ?? []);
  });

  it("takes no old frame if the browser shows a found frame only later", async () => {
    const busy = await openPage();
    await busy.addScriptTag({ path: join(root, "test/browser/show-late.js") });
    await expectSameFrames("voice.webm", (await framesOf("voice.webm", 5, busy)) ?? []);
    await busy.close();
  });

  it("repeats a long frame at the requested rate", async () => {
    ffmpeg("-i", at("voice.webm"), "-an", "-r", "2", "-c:v", "libvpx", "-b:v", "2M", at("slow.webm"));
    await expectSameFrames("slow.webm", (await framesOf("slow.webm", 5)) ?? []);
  });

  it("ends with the picture if the sound continues", async () => {
    ffmpeg("-i", at("voice.webm"), "-t", "1.1", "-an", "-c", "copy", at("short.webm"));
    ffmpeg(
      "-i",
      at("short.webm"),
      "-i",
      at("voice.webm"),
      "-map",
      "0:v",
      "-map",
      "1:a",
      "-c",
      "copy",
      at("heard.webm"),
    );
    const here = (await framesOf("heard.webm", 5)) ?? [];
    expect(here.length).toBeLessThan(8);
    const seconds = await page.evaluate(async (data) => {
      const blob = await (await fetch(`data:application/octet-stream;base64,${data}`)).blob();
      return (await euarBrowser.decodeVideoInBrowser(blob))?.seconds;
    }, base64("heard.webm"));
    expect(Math.abs((seconds ?? NaN) - 1.1)).toBeLessThan(0.1); // for corruption of a span in seconds
    await expectSameFrames("heard.webm", here);
  });

  it("gives the pixels of a PNG exactly, of a JPEG within a few levels", async () => {
    ffmpeg("-i", at("voice.mp4"), "-frames:v", "1", "-vf", "scale=96:96", at("face.png"));
    ffmpeg("-i", at("face.png"), "-q:v", "2", at("face.jpg"));
    const pixelsOf = (name: string): Promise<number[]> =>
      page.evaluate(
        async (data) =>
          Array.from(
            (
              await euarBrowser.decodeImageInBrowser(
                await (await fetch(`data:application/octet-stream;base64,${data}`)).blob(),
              )
            ).rgb,
          ),
        base64(name),
      );
    expect(await pixelsOf("face.png")).toEqual(Array.from((await decodeImage(at("face.png"))).rgb));
    expect(meanDifference(await pixelsOf("face.jpg"), (await decodeImage(at("face.jpg"))).rgb)).toBeLessThan(
      2,
    );
  });

  it("finds no sound in a silent film and no picture in a sound", async () => {
    ffmpeg("-i", at("voice.webm"), "-an", "-c", "copy", at("mute.webm"));
    expect(await soundOf("mute.webm")).toBeNull();
    expect(await framesOf("voice.wav", 5)).toBeNull();
  });

  it.each(["decodeAudioInBrowser", "decodeVideoInBrowser"] as const)(
    "says of what %s cannot read that it is damaged or of another kind",
    async (work) => {
      expect(await failureOf(work, "")).toBe("media.damaged");
      expect(await failureOf(work, Buffer.from("this is no clip").toString("base64"))).toBe(
        "media.unsupported",
      );
    },
  );

  it("names a package that is not served, and refuses a path as a medium", async () => {
    const failures = await page.evaluate(async () => {
      const media = euarBrowser.browserMedia("nowhere");
      const codeOf = (error: unknown): string =>
        error instanceof euarBrowser.EuarError ? `${error.code}: ${error.message}` : String(error);
      const asset = await media.readAsset("some-package", "model.bin").then(() => "nothing", codeOf);
      let path = "nothing";
      try {
        await media.open?.("clip.wav", "audio").sound({ fps: 5 });
      } catch (error) {
        path = codeOf(error);
      }
      return { asset, path };
    });
    expect(failures.asset).toMatch(
      /^media\.missing-package: .*some-package.*404.*nowhere\/some-package\/model\.bin/u,
    );
    expect(failures.path).toMatch(/^media\.unsupported/u);
  });

  it("says that a camera was refused", async () => {
    const outcome = await page.evaluate(() =>
      euarBrowser.openDevices({ camera: true, microphone: true }).then(
        () => "nothing",
        (error: unknown) => (error instanceof euarBrowser.EuarError ? error.code : String(error)),
      ),
    );
    expect(["media.denied", "media.not-found"]).toContain(outcome);
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;
}

/** Of two sounds, one of which may be a few samples longer. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

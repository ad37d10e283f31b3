import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeToyClip, toyClipsUnavailable } from "../../examples/browser/make/toy-clips.js";
import { toyPicture } from "../../examples/browser/make/toy-posts.js";
import { ffmpeg } from "../../src/features/testing/make-clip.js";
import { Predictor } from "../../src/predict/predictor.js";
import type { MediaPrediction } from "../../src/predict/media-prediction.js";
import { findChromium } from "../platform/find-chromium.js";
import { type ExampleSite, startExample } from "./example-site.js";
import { launchChromium, openExample, type WatchedPage } from "./watched-page.js";

const executablePath = findChromium();
const unavailable =
  executablePath === undefined
    ? "there is no Chromium on the path (EUAR_CHROMIUM names one)"
    : toyClipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: the example page is not driven, for ${unavailable}.`);

/** Says yes when the page asks for camera and microphone. */
const ALLOW = "--use-fake-ui-for-media-stream";
const CAPTION = "what a lovely day, I am so happy";

describe.skipIf(unavailable !== undefined)("the example page in Chromium", () => {
  let folder = "";
  let site: ExampleSite;
  const browsers: Browser[] = [];
  const at = (name: string): string => join(folder, name);

  const open = async (flags: readonly string[] = [], policy = true): Promise<WatchedPage> => {
    const browser = await launchChromium(executablePath ?? "", flags);
    browsers.push(browser);
    return openExample(browser, site.address, { policy });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-example-"));
    writeFileSync(at("sun.png"), await toyPicture("positive", 1000));
    makeToyClip(at("speaker.mp4"), {
      mood: "positive",
      text: "I love this film, it is wonderful and so is the music",
      seed: 9,
    });
    site = await startExample(at("served"));
  });

  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe("with an image and a caption", () => {
    let watched: WatchedPage;
    beforeAll(async () => {
      watched = await open([], false);
    });

    it("says that its models are toys", async () => {
      expect(await watched.page.textContent("#post-model")).toContain("Toy model");
    });

    it("makes the same prediction as Node from the same pixels and words, with a sentence", async () => {
      const { page } = watched;
      await page.setInputFiles("#post-file", at("sun.png"));
      await page.fill("#post-text", CAPTION);
      const here = await predictionAfter(page, "#post-run", "#post-result");
      const model = await Predictor.load(at("served/toy/posts-small/run"));
      const there = await model.predictMedia({ image: at("sun.png"), text: CAPTION });
      await model.close();
      expect(here.prediction).toBe(there.prediction);
      expect(here.verdict).toBe(there.verdict);
      expectClose(here.classes ?? {}, there.classes ?? {});
      for (const [name, { uncertainty, contribution, quality }] of Object.entries(there.modalities)) {
        expectClose(
          {
            uncertainty: here.modalities[name]?.uncertainty,
            contribution: here.modalities[name]?.contribution,
          },
          { uncertainty, contribution },
        );
        expect(here.modalities[name]?.quality?.measures).toEqual(quality?.measures);
      }
      expect(await page.textContent("#post-result .verdict")).toBe(there.verdict);
      expect(await page.textContent("#post-result h2")).toBe(there.prediction);
    });

    it("names a missing caption, a garbled one, and inputs that cannot be scored at all", async () => {
      const { page } = watched;
      await page.fill("#post-text", "");
      expect((await predictionAfter(page, "#post-run", "#post-result")).verdict).toContain(
        "There was no text.",
      );
      await page.fill("#post-text", "I l##e th@@@ fi%%");
      expect((await predictionAfter(page, "#post-run", "#post-result")).doubted).toMatchObject([
        { modality: "text", reasons: [{ code: "text.garbled" }] },
      ]);
      await page.click("#panel-post button[type=reset]");
      expect(await errorAfter(page, "#post-run", "#post-result")).toContain("data.empty");
      await page.setInputFiles("#post-file", {
        name: "broken.png",
        mimeType: "image/png",
        buffer: Buffer.from("89504e470d0a1a0a0000", "hex"),
      });
      expect(await errorAfter(page, "#post-run", "#post-result")).toMatch(/broken\.png.*media\.damaged/u);
    });

    it("works from the keyboard", async () => {
      const { page } = watched;
      await page.focus("#tab-post");
      await page.keyboard.press("ArrowRight");
      expect(await page.getAttribute("#tab-clip", "aria-selected")).toBe("true");
      expect([await page.isVisible("#panel-clip"), await page.isVisible("#panel-post")]).toEqual([
        true,
        false,
      ]);
      await page.keyboard.press("End");
      expect([await page.isVisible("#panel-tune"), await page.isVisible("#panel-clip")]).toEqual([
        true,
        false,
      ]);
      await page.keyboard.press("ArrowRight");
      expect([await page.isVisible("#panel-tune"), await page.isVisible("#panel-post")]).toEqual([
        false,
        true,
      ]);
      const unlabelled = await page.$$eval("input, textarea, video, img", (fields) =>
        fields
          .filter(
            (field) =>
              !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
                ? field.labels?.length
                : (field.getAttribute("aria-label") ?? field.getAttribute("alt"))),
          )
          .map(({ id }) => id),
      );
      expect(unlabelled).toEqual([]);
    });

    it("made no request to another host, before or after its network was cut", async () => {
      const { page, foreign, whileLoading, sinceReady, complaints } = watched;
      expect({ foreign, sinceReady, complaints }).toEqual({ foreign: [], sinceReady: [], complaints: [] });
      // What is asked would have been seen, of the worker too, and of others.
      expect(
        whileLoading.filter((asked) => asked.includes("/assets/")),
        "what the worker asks for",
      ).not.toHaveLength(0);
      await page.evaluate(() => Promise.allSettled([fetch("https://example.org/"), fetch("manifest.json")]));
      expect(foreign).toEqual(["https://example.org/"]);
      expect(sinceReady).toHaveLength(2);
    });
  });

  describe("with a camera and a microphone", () => {
    it("predicts from a simulated camera without a face, and says that no face was found", async () => {
      const { page, foreign, sinceReady, complaints } = await open([ALLOW]);
      await openDevices(page);
      await page.fill("#clip-text", "I love this film");
      const { prediction, modalities, doubted, verdict } = await predictionAfter(
        page,
        "#clip-record",
        "#clip-result",
      );
      expect(prediction).toBeTypeOf("number");
      expect(modalities).toMatchObject({
        text: { present: true },
        audio: { given: true },
        vision: { given: true, present: false },
      });
      expect(doubted).toContainEqual(expect.objectContaining({ modality: "vision", used: false }));
      expect(verdict).toContain("The video was doubted and left out because no face was found");
      expect(await page.textContent("#clip-result .verdict")).toBe(verdict);
      expect(await page.textContent("#announcer")).toBe(verdict);
      expect({ foreign, sinceReady, complaints }).toEqual({ foreign: [], sinceReady: [], complaints: [] });
    });

    it("predicts from a person who speaks into the camera, and from the same clip as a file", async () => {
      ffmpeg(
        "-stream_loop",
        "3",
        "-i",
        at("speaker.mp4"),
        "-t",
        "8",
        "-r",
        "10",
        "-q:v",
        "3",
        at("speaker.mjpeg"),
      );
      ffmpeg("-i", at("speaker.mp4"), "-ar", "48000", at("speaker.wav"));
      const { page, foreign, sinceReady, complaints } = await open([
        ALLOW,
        `--use-file-for-fake-video-capture=${at("speaker.mjpeg")}`,
        `--use-file-for-fake-audio-capture=${at("speaker.wav")}`,
      ]);
      await openDevices(page);
      const live = await predictionAfter(page, "#clip-record", "#clip-result");
      expect(live.modalities).toMatchObject({
        text: { given: false },
        audio: { present: true },
        vision: { present: true },
      });
      // Two seconds, or more where the page is busy and stops late.
      expect(live.modalities["audio"]?.quality?.measures["seconds"]).toBeGreaterThan(1.5);
      expect(live.modalities["audio"]?.quality?.measures["seconds"]).toBeLessThan(12);
      expect(live.verdict).toContain("There was no text.");
      await page.setInputFiles("#clip-file", at("speaker.mp4"));
      const { modalities } = await predictionAfter(page, undefined, "#clip-result");
      expect(await page.inputValue("#clip-file"), "which clip it was").toContain("speaker.mp4");
      expect(modalities).toMatchObject({ audio: { present: true }, vision: { present: true } });
      await page.fill("#clip-seconds", "30");
      const stopped = predictionAfter(page, "#clip-record", "#clip-result");
      await page.waitForSelector("#clip-stop:enabled");
      await page.waitForTimeout(1500); // of speech
      await page.click("#clip-stop");
      expect((await stopped).modalities["audio"]?.quality?.measures["seconds"]).toBeLessThan(25);
      await page.click("#clip-open");
      expect(await page.isDisabled("#clip-record")).toBe(true);
      expect({ foreign, sinceReady, complaints }).toEqual({ foreign: [], sinceReady: [], complaints: [] });
    });

    it("says what to do when the camera is refused, and may not ask anything of other servers", async () => {
      const { page, complaints } = await open(["--deny-permission-prompts"]);
      expect(
        await page.evaluate(() =>
          fetch("https://example.org/").then(
            () => "answered",
            () => "refused",
          ),
        ),
      ).toBe("refused");
      expect(complaints.join()).toContain("Content Security Policy");
      await page.click("#tab-clip");
      expect(await errorAfter(page, "#clip-open", "#clip-result")).toMatch(
        /refused.*Allow it.*media\.denied/u,
      );
    });
  });
});

async function openDevices(page: Page): Promise<void> {
  await page.click("#tab-clip");
  await page.click("#clip-open");
  await page.waitForSelector("#clip-record:enabled");
  await page.fill("#clip-seconds", "2");
}

/** Presses a button, if any, and waits for the next prediction that the page shows. */
async function predictionAfter(
  page: Page,
  button: string | undefined,
  place: string,
): Promise<MediaPrediction> {
  await nextResult(page, button, place, "pre");
  return JSON.parse((await page.textContent(`${place} pre`)) ?? "") as MediaPrediction;
}

async function errorAfter(page: Page, button: string, place: string): Promise<string> {
  await nextResult(page, button, place, "[role=alert]");
  return (await page.textContent(place)) ?? "";
}

async function nextResult(
  page: Page,
  button: string | undefined,
  place: string,
  what: string,
): Promise<void> {
  // What is shown now is marked, so that it is not taken for what comes.
  await page.$$eval(`${place} > *`, (shown) => {
    for (const element of shown) element.setAttribute("data-old", "");
  });
  if (button !== undefined) await page.click(button);
  await page.waitForSelector(
    `${place} > :not([data-old]):is(${what}), ${place} > :not([data-old]) ${what}, ${place} > ` +
      "[role=alert]:not([data-old])",
    { state: "attached" },
  );
  const alert = await page.$(`${place} > [role=alert]`);
  if (alert && what === "pre") throw new Error((await alert.textContent()) ?? "");
}

/** The same numbers, to four digits after the point; null where the other is. */
function expectClose(
  here: Readonly<Record<string, number | null | undefined>>,
  there: Readonly<Record<string, number | null>>,
): void {
  for (const [name, value] of Object.entries(there)) {
    if (value === null) expect(here[name], name).toBeNull();
    else expect(Math.abs((here[name] ?? NaN) - value), name).toBeLessThan(1e-4);
  }
}

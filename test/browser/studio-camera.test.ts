import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyClipsUnavailable, writeToyClips } from "../../examples/browser/make/toy-clips.js";
import { ffmpeg } from "../../src/features/testing/make-clip.js";
import { findChromium } from "../platform/find-chromium.js";
import { euar } from "../run-euar.js";
import { type OpenStudio, openStudio, type ServedStudio, serveStudio } from "./served-studio.js";
import { closeChromium, launchChromium } from "./watched-page.js";

const executablePath = findChromium();
const unavailable =
  executablePath === undefined
    ? "there is no Chromium on the path (EUAR_CHROMIUM names one)"
    : toyClipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: the studio gets no camera, for ${unavailable}.`);

/** Says yes when the page asks for camera and microphone. */
const ALLOW = "--use-fake-ui-for-media-stream";

describe.skipIf(unavailable !== undefined)("the Try room of the studio, with camera and microphone", () => {
  let folder = "";
  let served: ServedStudio;
  const browsers: Browser[] = [];
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-studio-camera-"));
    writeToyClips(at("clips"), { train: 2, valid: 1, test: 1 });
    const options = ["--modalities", "audio,vision", "--fps", "2", "--steps", "4", "--quiet"];
    const extracted = euar(["extract", at("clips"), "--out", at("data"), ...options]);
    expect(extracted.code, extracted.stderr).toBe(0);
    const small = ["--experts", "4", "--epochs", "2", "--out", at("run"), "--quiet"];
    expect(euar(["train", "--data", at("data"), ...small]).code).toBe(0);
    served = await serveStudio({ clips: at("run") });
  });

  afterAll(async () => {
    await Promise.all(browsers.map(closeChromium));
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(...flags: readonly string[]): Promise<OpenStudio> {
    const browser = await launchChromium(executablePath ?? "", flags);
    browsers.push(browser);
    return openStudio(browser, served.address);
  }

  it("predicts from a person who speaks, without a network, and shows how good each input is", async () => {
    const speaker = at("clips/toy/0.mp4");
    ffmpeg("-stream_loop", "3", "-i", speaker, "-t", "8", "-r", "10", "-q:v", "3", at("speaker.mjpeg"));
    ffmpeg("-i", speaker, "-ar", "48000", at("speaker.wav"));
    const { page, foreign, complaints } = await open(
      ALLOW,
      `--use-file-for-fake-video-capture=${at("speaker.mjpeg")}`,
      `--use-file-for-fake-audio-capture=${at("speaker.wav")}`,
    );
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Use camera and microphone" }).press("Enter");
    await page.getByLabel("Seconds").fill("2");
    await page.getByRole("button", { name: "Record" }).press("Enter");
    await page.getByText(/^Original, at/u).waitFor();
    await page.waitForFunction(() =>
      /^-?\d\.\d\d$/u.test(document.querySelector("[data-testid=prediction]")?.textContent ?? ""),
    );
    for (const name of ["audio", "vision"]) {
      expect(await numberOf(page, name, "Contribution")).toMatch(/^\d+%$/u);
      expect(await numberOf(page, name, "Uncertainty")).toMatch(/^\d/u);
      expect(await numberOf(page, name, "Quality")).toMatch(/^\d+%$/u);
    }
    expect(await page.textContent("[data-testid=verdict]")).toMatch(/^The score is/u);
    await page.getByRole("button", { name: "Play the original sound" }).waitFor();

    await page.getByTestId("card-audio").getByRole("switch").click();
    await page.getByTestId("input-audio").getByText("switched off").waitFor();
    await page.getByTestId("verdict").getByText("There was no audio").waitFor();
    await page.getByRole("button", { name: "Close camera and microphone" }).click();
    await page.getByRole("button", { name: "Use camera and microphone" }).waitFor();
    // Chromium asks for the icon again when it marks the page as recording
    const faults = complaints.filter((complaint) => !/DISCONNECTED.*\/icon\.svg$/u.test(complaint));
    expect({ foreign, faults }).toEqual({ foreign: [], faults: [] });
  });

  it("says what to do when the camera is refused", async () => {
    const { page, complaints } = await open("--deny-permission-prompts");
    await page.getByRole("button", { name: "Use camera and microphone" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /camera and the microphone was refused\.\s+Allow it in the browser's settings.*media\.denied/su,
    );
    expect(await page.getByRole("button", { name: "Record" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

/** Returns the number of a row of an input, for example "Quality". */
async function numberOf(page: Page, modality: string, row: string): Promise<string> {
  const input = page.getByTestId(`input-${modality}`);
  const value = input.locator("dl > div").filter({ hasText: row }).locator(".number");
  return (await value.textContent()) ?? "";
}

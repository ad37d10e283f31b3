import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corruptSplit } from "../../src/corruption/corrupt-split.js";
import { generateSynthetic } from "../../src/data/synthetic/generate.js";
import type { Features } from "../../src/predict/feature-input.js";
import { Predictor } from "../../src/predict/predictor.js";
import { findChromium } from "../platform/find-chromium.js";
import { euar } from "../run-euar.js";
import { axeFaults } from "./axe-faults.js";
import { compressedSize, openStudio, type ServedStudio, serveStudio } from "./served-studio.js";
import { closeChromium, launchChromium } from "./watched-page.js";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn(
    "Skipped: the studio is not opened, for there is no Chromium on the path (EUAR_CHROMIUM names one).",
  );

const SIZES = { train: 120, valid: 60, test: 12 };

describe.skipIf(executablePath === undefined)("the Try room of the studio, with samples of features", () => {
  let folder = "";
  let served: ServedStudio;
  let browser: Browser;
  let model: Predictor;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-studio-"));
    const run = join(folder, "run");
    const data = `synthetic:train=${SIZES.train},valid=${SIZES.valid},test=${SIZES.test}`;
    const training = ["--experts", "4", "--hidden", "16", "--epochs", "2", "--out", run, "--quiet"];
    expect(euar(["train", "--data", data, ...training]).stderr).toBe("");
    model = await Predictor.load(run);
    served = await serveStudio({ demo: run });
    browser = await launchChromium(executablePath ?? "");
  });

  afterAll(async () => {
    await closeChromium(browser);
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Features of a test sample, with noise on the text. */
  function features(index: number, noise = 0): Features {
    const { test } = generateSynthetic({ seed: 1, sizes: SIZES }).dataset.splits;
    const corruption = { kind: "gaussian", amount: noise, modality: "text" } as const;
    const { modalities } = corruptSplit(test, [corruption], { seed: 1, normaliser: model.normaliser });
    return Object.fromEntries(
      Object.entries(modalities).map(([name, { width, values, present }]) => [
        name,
        present[index] === 1 ? values.subarray(index * width, (index + 1) * width) : null,
      ]),
    );
  }

  function shownOf(sample: Features): string {
    const { prediction } = model.predict(sample);
    return typeof prediction === "number" ? prediction.toFixed(2) : "";
  }

  it("makes the library's prediction in the page, also after the network is cut", async () => {
    const { page, foreign, complaints } = await openStudio(browser, served.address);
    expect(await page.textContent("[data-testid=place]")).toContain("Runs in this page");
    await waitForPrediction(page, shownOf(features(0)));
    await page.context().setOffline(true);

    const text = page.getByTestId("card-text");
    await text.getByLabel("Severity").fill("3");
    await waitForPrediction(page, shownOf(features(0, 3)));
    expect(await page.locator(".was").first().textContent()).toContain("Before the change");

    await page.getByRole("button", { name: "Next sample" }).click();
    await waitForPrediction(page, shownOf(features(1, 3)));
    await text.getByLabel("Severity").fill("0");
    await waitForPrediction(page, shownOf(features(1)));

    await page.getByTestId("card-audio").getByRole("switch").click();
    await waitForPrediction(page, shownOf({ ...features(1), audio: null }));
    expect(await page.getByTestId("input-audio").textContent()).toContain("switched off");
    expect(await page.textContent("[data-testid=verdict]")).toContain("There was no audio");
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.context().close();
  });

  it("loads less than 200 kB of scripts and styles, compressed, until the first prediction", async () => {
    const { page, files } = await openStudio(browser, served.address);
    await waitForPrediction(page, shownOf(features(0)));
    expect(files.filter((name) => /^(index|worker|wasm|TryRoom)-/u.test(name)).length).toBeGreaterThan(4);
    expect(compressedSize(files)).toBeLessThan(200_000);
    await page.context().close();
  });

  it("says what to do when every input is switched off", async () => {
    const { page } = await openStudio(browser, served.address);
    for (const name of ["text", "audio", "vision"])
      await page.getByTestId(`card-${name}`).getByRole("switch").click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/switched off.*Switch one on.*data\.empty/su);
    await page.context().close();
  });

  it("works from the keyboard, and keeps the chosen colours", async () => {
    const { page } = await openStudio(browser, served.address);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
    const slider = page.getByTestId("card-text").getByLabel("Severity");
    await slider.focus();
    await page.keyboard.press("End");
    await waitForPrediction(page, shownOf(features(0, 4)));
    const number = page.getByLabel("Number of the sample");
    await number.fill("9999");
    await number.press("Tab");
    expect(await number.inputValue()).toBe(String(SIZES.test));
    await page.getByRole("radio", { name: "Dark" }).focus();
    await page.keyboard.press("Space");
    await page.reload();
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe("rgb(20, 23, 26)");
    await page.context().close();
  });

  it.each([360, 1600])("does not shift while it loads, at %i pixels", async (width) => {
    const { page } = await openStudio(browser, served.address, { width });
    await waitForPrediction(page, shownOf(features(0)));
    expect(await page.evaluate(() => layoutShift)).toBeLessThan(0.02);
    await page.context().close();
  });

  it("has no problem in light and dark, from 360 to 1600 pixels, and does not scroll sideways", async () => {
    const { page, complaints } = await openStudio(browser, served.address);
    await waitForPrediction(page, shownOf(features(0)));
    for (const [width, colorScheme, isJudged] of [
      [360, "light", true],
      [360, "dark", false],
      [1024, "dark", true],
      [1024, "light", false],
      [1600, "light", true],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      if (isJudged) expect(await axeFaults(page), `${width} ${colorScheme}`).toEqual([]);
      const overhang = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overhang, `${width} ${colorScheme}`).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** Waits until the page shows a prediction, to two digits. */
async function waitForPrediction(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector("[data-testid=prediction]")?.textContent === wanted,
    text,
  );
}

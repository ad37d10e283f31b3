import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyPicture, writeToyPosts } from "../../examples/browser/make/toy-posts.js";
import { damageMedium } from "../../src/corruption/damage-medium.js";
import { textDamages } from "../../src/corruption/text/text-damages.js";
import { Predictor } from "../../src/predict/predictor.js";
import { findChromium } from "../platform/find-chromium.js";
import { euar } from "../run-euar.js";
import { compressedSize, openStudio, type ServedStudio, serveStudio } from "./served-studio.js";
import { closeChromium, launchChromium } from "./watched-page.js";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("Skipped: the studio gets no media, for there is no Chromium (EUAR_CHROMIUM names one).");

const CAPTION = "what a lovely day, I am so happy";

describe.skipIf(executablePath === undefined)("the Try room of the studio, with a picture and a text", () => {
  let folder = "";
  let served: ServedStudio;
  let browser: Browser;
  let model: Predictor;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-studio-media-"));
    await writeToyPosts(at("posts"), { train: 12, dev: 6, test: 3 });
    writeFileSync(at("sun.png"), await toyPicture("positive", 1000));
    const extracted = euar([
      "extract",
      at("posts"),
      "--out",
      at("data"),
      "--image",
      "image/pixels",
      "--quiet",
    ]);
    expect(extracted.code, extracted.stderr).toBe(0);
    const options = ["--experts", "4", "--epochs", "2", "--out", at("run"), "--quiet"];
    expect(euar(["train", "--data", at("data"), ...options]).code).toBe(0);
    model = await Predictor.load(at("run"));
    served = await serveStudio({ posts: at("run") });
    browser = await launchChromium(executablePath ?? "");
  });

  afterAll(async () => {
    await closeChromium(browser);
    await served.stop();
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives Node's result for the same media, clean, damaged and alone, without a network", async () => {
    const { page, files, foreign, complaints } = await openStudio(browser, served.address);
    await page.waitForLoadState("networkidle");
    expect(files.filter((name) => /^(adapter|MediaInputsPanel)-/u.test(name)).length).toBeGreaterThan(3);
    expect(compressedSize(files), "bytes of the page without adapters").toBeLessThan(250_000);
    await page.context().setOffline(true);
    await page.getByTestId("files").setInputFiles(at("sun.png"));
    const text = page.getByTestId("card-text");
    await text.getByRole("textbox").fill(CAPTION);
    await waitForVerdict(page, (await model.predictMedia({ text: CAPTION, image: at("sun.png") })).verdict);

    await text.getByLabel("Damage of text").selectOption("blank-words");
    await text.getByLabel("Severity").fill("0.8");
    const damaged = damageMedium(
      textDamages,
      { medium: { text: CAPTION } },
      [{ kind: "blank-words", severity: 0.8 }],
      { seed: 1, modality: "text", id: "studio" },
    );
    await waitForVerdict(page, (await model.predictMedia({ text: damaged, image: at("sun.png") })).verdict);
    expect(await text.locator(".changed").textContent()).toBe(damaged.text);

    await text.getByRole("switch").click();
    await waitForVerdict(page, (await model.predictMedia({ image: at("sun.png") })).verdict);
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.context().close();
  });

  it("scores on the server with Node's result where the page has no workers, and says so", async () => {
    const { page, foreign, complaints } = await openStudio(browser, served.address, { withWorkers: false });
    expect(await page.textContent("[data-testid=place]")).toMatch(
      /server, because this browser has no workers/u,
    );
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/v1/predictions?*", (route) => held.then(() => route.continue()), { times: 1 });
    // the picture is decoded after setInputFiles has returned
    const asked = page.waitForRequest((request) => request.url().includes("/v1/predictions?"));
    await page.getByTestId("files").setInputFiles(at("sun.png"));
    await asked;
    const text = page.getByTestId("card-text");
    await text.getByRole("textbox").fill(CAPTION);
    answer(); // the prediction for the picture alone arrives after the text was given
    await waitForVerdict(page, (await model.predictMedia({ text: CAPTION, image: at("sun.png") })).verdict);
    await text.getByLabel("Damage of text").selectOption("blank-words");
    await text.getByLabel("Severity").fill("0.8");
    const read = await text.locator(".changed").textContent();
    await waitForVerdict(
      page,
      (await model.predictMedia({ text: read ?? "", image: at("sun.png") })).verdict,
    );
    await text.getByRole("switch").click();
    await waitForVerdict(page, (await model.predictMedia({ image: at("sun.png") })).verdict);
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.context().close();
  });

  it("shows why a file cannot be read", async () => {
    const { page } = await openStudio(browser, served.address);
    const buffer = Buffer.from("89504e470d0a1a0a0000", "hex");
    await page.getByTestId("files").setInputFiles({ name: "broken.png", mimeType: "image/png", buffer });
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/broken\.png.*media\.damaged/su);
    // it stays next to the score of another input, until its own input changes
    await page.getByTestId("card-text").getByRole("textbox").fill(CAPTION);
    await waitForVerdict(page, (await model.predictMedia({ text: CAPTION })).verdict);
    await alert.getByText("broken.png").waitFor();
    await page.getByTestId("files").setInputFiles(at("sun.png"));
    await waitForVerdict(page, (await model.predictMedia({ text: CAPTION, image: at("sun.png") })).verdict);
    expect(await alert.count()).toBe(0);

    const notes = { name: "notes.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") };
    await page.getByTestId("files").setInputFiles(notes);
    await alert.getByText("notes.pdf").waitFor();
    await page.getByRole("button", { name: /^Dismiss: .*notes\.pdf/u }).press("Enter");
    await alert.waitFor({ state: "detached" });
    await page.context().close();
  });
});

/** Waits until the page shows a verdict. */
async function waitForVerdict(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector("[data-testid=verdict]")?.textContent === wanted,
    text,
  );
}

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyText } from "../../examples/browser/make/toy-texts.js";
import { fixtureFolder } from "../../src/encoders/testing/family-fixture.js";
import { findChromium } from "../platform/find-chromium.js";
import { axeFaults } from "./axe-faults.js";
import { type ExampleSite, startExample } from "./example-site.js";
import { PATIENCE } from "../within.js";
import { launchChromium, openExample, type WatchedPage } from "./watched-page.js";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("Skipped: no encoder is fine-tuned in a page, for there is no Chromium on the path.");
const encoders = process.env["EUAR_ENCODERS"] ?? join(homedir(), ".cache", "euar-encoders");
const miniLm = join(encoders, "all-MiniLM-L6-v2");
const hasMiniLm = existsSync(join(miniLm, "model.safetensors"));
if (!hasMiniLm)
  console.warn(`Skipped: MiniLM is not fine-tuned in a page, for there is none in ${encoders}.`);

const LABEL = { positive: 2, neutral: 0, negative: -2 };

/** Two hundred sentences with their labels, as the page takes them. */
function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const { mood, text } = toyText(i);
    return `${LABEL[mood]} ${text}`;
  }).join("\n");
}

describe.skipIf(executablePath === undefined)("fine-tuning in a page", () => {
  let folder = "";
  let site: ExampleSite;
  let browser: Browser;
  let watched: WatchedPage;
  const page = (): Page => watched.page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-tune-"));
    site = await startExample(join(folder, "served"), ["--no-models"]);
    browser = await launchChromium(executablePath ?? "");
    watched = await openExample(browser, site.address, { policy: true, offline: false });
    await page().click("#tab-tune");
  });
  afterAll(async () => {
    await browser.close();
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function tune(encoder: string, sentences: string, epochs: number, layers = ""): Promise<string> {
    await page().setInputFiles("#tune-encoder", encoder);
    await page().fill("#tune-sentences", sentences);
    await page().fill("#tune-epochs", String(epochs));
    await page().fill("#tune-layers", layers);
    await page().click("#tune-run");
    await page().waitForFunction(
      () =>
        (document.querySelector("#tune-state")?.textContent ?? "").startsWith("Done.") ||
        document.querySelector("#tune-result")?.textContent !== "",
      undefined,
      { timeout: PATIENCE },
    );
    const result = (await page().textContent("#tune-result")) ?? "";
    return result === "" ? ((await page().textContent("#tune-state")) ?? "") : result;
  }

  async function scoreOf(text: string): Promise<number> {
    await page().evaluate(() => {
      const score = document.querySelector("#tune-score");
      if (score) score.textContent = "";
    });
    await page().fill("#tune-text", text);
    await page().press("#tune-text", "Enter");
    await page().waitForFunction(() => document.querySelector("#tune-score")?.textContent !== "");
    return Number(await page().textContent("#tune-score"));
  }

  it("draws the losses of a small encoder while it trains, and then scores a sentence", async () => {
    expect(await tune(fixtureFolder("bert"), lines(60), 3)).toMatch(/^Done\. Best epoch \d/);
    const points = (await page().getAttribute("#tune-curve polyline.valid", "points")) ?? "";
    expect(points.split(" ")).toHaveLength(3);
    expect(Number.isFinite(await scoreOf("the film was good"))).toBe(true);
    expect([watched.complaints, watched.foreign]).toEqual([[], []]);
  });

  it("names a missing option, and a missing file of an encoder", async () => {
    await page().fill("#tune-sentences", "2 too few");
    await page().click("#tune-run");
    expect(await page().textContent("#tune-state")).toBe("Give at least 20 labelled sentences.");
    await tune(fixtureFolder("distilbert"), lines(60), 1); // it has no tokenizer
    expect(await page().textContent("#tune-result")).toContain("tokenizer.json");
  });

  it("has no findings of axe, in both themes", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page().emulateMedia({ colorScheme });
      expect(await axeFaults(page())).toEqual([]);
    }
  });

  it.skipIf(!hasMiniLm)(
    "fine-tunes MiniLM on 200 sentences, and it then tells glad from angry",
    async () => {
      expect(await tune(miniLm, lines(200), 2)).toMatch(/^Done\./);
      expect(await scoreOf("I love this film, it is wonderful")).toBeGreaterThan(
        await scoreOf("I hate this film, it is terrible"),
      );
    },
    400_000,
  );
});

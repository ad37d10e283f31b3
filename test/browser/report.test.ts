import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { experimentsReport } from "../../src/report/experiments-report.js";
import { demoReport } from "../../src/report/demo/demo-report.js";
import { sampleExperiments } from "../../src/report/testing/sample-experiments.js";
import { sampleResults } from "../../src/report/testing/sample-results.js";
import { findChromium } from "../platform/find-chromium.js";
import { axeFaults } from "./axe-faults.js";
import { launchChromium } from "./watched-page.js";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn(
    "Skipped: the page of experiments is not opened, for there is no Chromium on the path " +
      "(EUAR_CHROMIUM names one).",
  );

describe.skipIf(executablePath === undefined)("the page of experiments in Chromium", () => {
  let folder = "";
  let address = "";
  let demo = "";
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-report-"));
    const file = join(folder, "report.html");
    writeFileSync(file, experimentsReport(sampleExperiments()));
    address = pathToFileURL(file).href;
    const shown = join(folder, "demo.html");
    writeFileSync(shown, demoReport(sampleResults()));
    demo = pathToFileURL(shown).href;
    browser = await launchChromium(executablePath ?? "");
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    scheme: "light" | "dark",
    width = 1100,
    at = address,
  ): Promise<{ readonly page: Page; readonly requests: string[]; readonly complaints: string[] }> {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height: 900 },
      offline: true,
    });
    const requests: string[] = [];
    const complaints: string[] = [];
    context.on("request", (request) => requests.push(request.url()));
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => complaints.push(message));
    await page.goto(at);
    return { page, requests, complaints };
  }

  it("requests nothing but itself, offline, and reports no error", async () => {
    const { page, requests, complaints } = await open("light");
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
    expect(await page.locator("figure svg[role=img]").count()).toBeGreaterThan(5);
    await page.context().close();
  });

  it.each(["light", "dark"] as const)(
    "has no fault that axe-core finds, contrast included, on %s",
    async (scheme) => {
      const { page } = await open(scheme);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      expect(await axeFaults(page)).toEqual([]);
      await page.context().close();
    },
  );

  it("follows dark and light, and is light on paper", async () => {
    const background = (page: Page): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const { page } = await open("dark");
    expect(await background(page)).toBe("rgb(20, 23, 26)");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await background(page)).toBe("rgb(255, 255, 255)");
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect((await page.pdf({ format: "A4", landscape: true })).subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });

  it("can be used by keyboard: skip link, links, tables, charts, numbers of figures", async () => {
    const { page } = await open("light");
    const wanted = await page.evaluate(
      () =>
        document.querySelectorAll("a, summary, [tabindex='0']").length -
        document.querySelectorAll("details:not([open]) [tabindex='0']").length,
    );
    const seen: string[] = [];
    for (let i = 0; i < wanted; i++) {
      await page.keyboard.press("Tab");
      seen.push(
        await page.evaluate(() => {
          const at = document.activeElement;
          const outline = at === null ? "" : getComputedStyle(at).outlineStyle;
          return `${at?.tagName ?? ""} ${outline}`;
        }),
      );
    }
    expect(seen[0]).toBe("A solid");
    expect(seen.filter((one) => !/^(A|SUMMARY|DIV) solid$/.test(one))).toEqual([]);
    const [summaries, charts] = [
      seen.filter((one) => one.startsWith("SUMMARY")).length,
      await page.locator("details").count(),
    ];
    expect(summaries).toBe(charts);
    await page.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("details").first().locator("table").first().isVisible()).toBe(true);
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${address}#content`); // the address changes after the key, not with it
    await page.context().close();
  });

  it("has its contents, headings in order, and landmarks", async () => {
    const { page } = await open("light");
    const told = await page.evaluate(() => ({
      levels: [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName.slice(1))),
      broken: [...document.querySelectorAll("a")].filter(
        (link) => document.getElementById(link.hash.slice(1)) === null,
      ).length,
      landmarks: ["header", "nav", "main", "footer"].map((name) => document.querySelectorAll(name).length),
      unnamed: [...document.querySelectorAll("table")].filter(
        (one) =>
          (one.caption?.textContent ?? "") === "" || one.querySelectorAll("th[scope=col]").length === 0,
      ).length,
    }));
    expect(told).toMatchObject({ broken: 0, landmarks: [1, 1, 1, 1], unnamed: 0 });
    told.levels.forEach((level, i) => {
      if (i > 0) expect(level - (told.levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    await page.context().close();
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "the page of the demo has no fault on %s at %i pixels, and does not scroll sideways",
    async (scheme, width) => {
      const { page, requests, complaints } = await open(scheme, width, demo);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      expect(await axeFaults(page)).toEqual([]);
      expect(requests).toEqual([demo]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.context().close();
    },
  );

  it("does not scroll sideways on a phone: wide parts scroll by themselves", async () => {
    const { page } = await open("light", 360);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.context().close();
  });
});

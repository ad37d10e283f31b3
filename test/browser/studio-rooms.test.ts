import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../platform/find-chromium.js";
import { euar } from "../run-euar.js";
import { axeFaults } from "./axe-faults.js";
import { type OpenStudio, openStudio, type ServedStudio, serveStudio } from "./served-studio.js";
import { launchChromium } from "./watched-page.js";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn(
    "Skipped: no room of the studio is opened, for there is no Chromium (EUAR_CHROMIUM names one).",
  );

describe.skipIf(executablePath === undefined)("the rooms of the studio", () => {
  let folder = "";
  let served: ServedStudio;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-rooms-"));
    const run = join(folder, "runs/first");
    const data = "synthetic:train=60,valid=40,test=30";
    const training = ["--experts", "4", "--hidden", "8", "--epochs", "2", "--out", run, "--quiet"];
    expect(euar(["train", "--data", data, ...training]).stderr).toBe("");
    const other = ["--model", "linear", "--epochs", "2", "--out", join(folder, "runs/other"), "--quiet"];
    expect(euar(["train", "--data", data, ...other]).stderr).toBe("");
    const places = ["--runs", join(folder, "runs"), "--store", join(folder, "store")];
    served = await serveStudio({ first: run }, places);
    browser = await launchChromium(executablePath ?? "");
  });

  afterAll(async () => {
    await browser.close();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (room: string, width?: number): Promise<OpenStudio> =>
    openStudio(browser, served.address, { room, ...(width !== undefined && { width }) });

  it("trains with the options of the form, and shows the curve and the command line", async () => {
    const { page, foreign, complaints } = await open("train");
    await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("linear");
    await page.getByLabel("Name of the run").fill("second");
    await page.getByLabel("epochs", { exact: true }).fill("3");
    await page.getByLabel("epochs", { exact: true }).press("Tab");
    await page.getByLabel("Find an option").fill("weight decay");
    await page.getByLabel("weightDecay", { exact: true }).fill("0.01");
    await page.getByLabel("weightDecay", { exact: true }).press("Tab");
    const command = await page.getByLabel("Command line", { exact: true }).textContent();
    expect(command).toContain("--model linear --epochs 3 --weight-decay 0.01");
    await page.getByRole("button", { name: "Train", exact: true }).press("Enter");
    await page.getByTestId("run-second").getByText("done").waitFor();
    await page.getByTestId("progress").getByText("epoch 3").waitFor();
    expect(await page.getByRole("img", { name: /^Loss/u }).locator("path").count()).toBeGreaterThan(1);
    const config = JSON.parse(readFileSync(join(folder, "runs/second/config.json"), "utf8")) as unknown;
    expect(config).toMatchObject({ model: { name: "linear" }, train: { epochs: 3, weightDecay: 0.01 } });
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.context().close();
  });

  it("stops a training, says why one failed, and resumes", async () => {
    const { page } = await open("train");
    await page.getByLabel("Name of the run").fill("long");
    await page.getByLabel("epochs", { exact: true }).fill("5000");
    await page.getByLabel("patience", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page
      .getByTestId("progress")
      .getByText(/epoch \d/u)
      .waitFor();
    await page.getByRole("button", { name: "Stop long" }).click();
    await page.getByRole("button", { name: "Resume long" }).click();
    await page.getByRole("button", { name: "Stop long" }).click();
    await page.getByRole("button", { name: "Resume long" }).waitFor();
    await page.getByLabel("Name of the run").fill("wrong");
    await page.getByLabel("epochs", { exact: true }).fill("many");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page
      .getByTestId("run-wrong")
      .getByText(/epochs/u)
      .waitFor();
    await page.context().close();
  });

  it("compares runs: metrics with paired tests, curves, routing, misjudged samples, files", async () => {
    const { page, complaints } = await open("compare/first/other");
    await page.getByText(/Difference from first/u).waitFor();
    const loss = page.getByRole("img", { name: /^Learning curves/u });
    expect(await loss.locator("path").count()).toBeGreaterThan(1);
    expect(await page.getByRole("img", { name: /^Risk and coverage/u }).count()).toBe(1);
    await page.getByRole("heading", { name: "Routing" }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save metrics as LaTeX" }).click();
    const latex = readFileSync(await (await download).path(), "utf8");
    const { test } = JSON.parse(readFileSync(join(folder, "runs/first/metrics.json"), "utf8")) as {
      test: { MAE: number };
    };
    expect(latex).toContain("\\begin{tabular}{lrr}");
    expect(latex).toContain(test.MAE.toFixed(3));
    const worst = page.getByRole("group", { name: "Misjudged samples" }).locator("tbody tr");
    const errors = (await worst.locator("td:nth-child(2)").allTextContents()).map(Number);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors.length).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows a data set, predicts a sample of it, and takes its label", async () => {
    const { page, foreign, complaints } = await open("data");
    await page.getByRole("heading", { name: /synthetic/u }).waitFor();
    await page.getByLabel("Label least").fill("2");
    await page.getByLabel("Label least").press("Tab");
    const rows = page.getByRole("group", { name: "Samples", exact: true }).locator("tbody tr");
    await page.waitForFunction(() =>
      [...document.querySelectorAll("td.value")].every(({ textContent }) => Number(textContent) >= 2),
    );
    const id = (await rows.first().getByRole("rowheader").textContent()) ?? "";
    await page.getByRole("button", { name: `Predict ${id}`, exact: true }).press("Enter");
    await rows.first().locator("strong").waitFor();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByLabel(`Label of ${id}`, { exact: true }).fill("2.5");
    await page.getByRole("button", { name: `Store the label of ${id}`, exact: true }).click();
    await page.getByText(`Stored 2.5 as the label of ${id}.`).waitFor();
    const exported = await (await fetch(`${served.address}v1/exports/predictions`)).text();
    expect(JSON.parse(exported)).toMatchObject({ prediction: { id }, correction: { label: 2.5 } });
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.context().close();
  });

  it("loads and unloads models, and counts requests and predictions", async () => {
    const { page, complaints } = await open("serve");
    await page.getByLabel("Finished run").selectOption("second");
    await page.getByRole("button", { name: "Load", exact: true }).click();
    await page.getByTestId("model-second").waitFor();
    await page.getByRole("button", { name: "Unload second" }).click();
    await page.getByTestId("model-second").waitFor({ state: "detached" });
    const predictions = page.getByRole("row", { name: /^\/v1\/predictions /u });
    expect(Number(await predictions.getByRole("cell").first().textContent())).toBeGreaterThan(0);
    expect(await page.getByRole("list", { name: "Ranks of Text" }).getByRole("listitem").count()).toBe(10);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(["train", "compare", "data", "serve"])(
    "%s has no fault, scrolls nowhere sideways and does not shift",
    async (room) => {
      const { page, complaints } = await open(room, 360);
      await page.waitForLoadState("networkidle");
      expect(await page.evaluate(() => layoutShift), "layout shift").toBeLessThan(0.05);
      for (const [width, colorScheme] of [
        [360, "light"],
        [1024, "dark"],
        [1600, "light"],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await axeFaults(page), `${width} ${colorScheme}`).toEqual([]);
        expect(await overhang(page), `${width} ${colorScheme}`).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});

function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

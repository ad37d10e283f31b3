import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { doubtsOf } from "../../src/predict/doubts.js";
import type { Prediction } from "../../src/predict/prediction.js";
import { until } from "../within.js";
import { findChromium } from "../platform/find-chromium.js";
import { euar, root } from "../run-euar.js";
import { axeFaults } from "./axe-faults.js";
import { type OpenStudio, openStudio, type ServedStudio, serveStudio } from "./served-studio.js";
import { closeChromium, launchChromium } from "./watched-page.js";

interface Run {
  readonly state: string;
}

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn(
    "Skipped: no room of the studio is opened, for there is no Chromium (EUAR_CHROMIUM names one).",
  );

describe.skipIf(executablePath === undefined)("the rooms of the studio", () => {
  let folder = "";
  let served: ServedStudio;
  let browser: Browser;
  let studio: OpenStudio;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-rooms-"));
    const run = join(folder, "runs/first");
    const data = "synthetic:train=60,valid=30,test=60";
    const training = ["--experts", "4", "--hidden", "8", "--epochs", "2", "--out", run, "--quiet"];
    expect(euar(["train", "--data", data, ...training]).stderr).toBe("");
    const folders = ["--runs", join(folder, "runs"), "--store", join(folder, "store")];
    const options = [...folders, "--experiments", join(root, "docs/results"), "--data", `synthetic=${data}`];
    [served, browser] = await Promise.all([
      serveStudio({ first: run }, options),
      launchChromium(executablePath ?? ""),
    ]);
    studio = await openStudio(browser, served.address, { room: "train" });
  });

  afterAll(async () => {
    await closeChromium(browser);
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(() => {
    const { foreign, complaints } = studio;
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  /** Goes to a room in the open page, as a user does. */
  async function visit(room: string): Promise<Page> {
    const { page } = studio;
    await page.evaluate((place) => (location.hash = `#/${place}`), room);
    await page.waitForSelector("[data-ready=true]");
    return page;
  }

  it("trains with the options of the form, and shows the curve and the command line", async () => {
    const page = await visit("train");
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
  });

  it("stops a training, says why one failed, and resumes", async () => {
    const page = await visit("train");
    await page.getByLabel("Name of the run").fill("long");
    await page.getByLabel("epochs", { exact: true }).fill("5000");
    await page.getByLabel("patience", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    // the list with the new run has come, and so have epochs of its curve, not of the run shown before
    await page.getByRole("button", { name: "Stop long" }).waitFor();
    await page.getByRole("heading", { name: "long", exact: true }).waitFor();
    await page
      .getByTestId("progress")
      .getByText(/epoch \d/u)
      .waitFor();
    // the list of the stopped run arrives after that of the resumed one
    const { promise: resumed, resolve: sayResumed } = signalled();
    const { promise: arrived, resolve: sayArrived } = signalled();
    await page.route(
      /\/v1\/runs$/u,
      async (route) => {
        const state = async () => (await (await fetch(`${served.address}v1/runs/long`)).json()) as Run;
        await until("the stop of the training", async () => (await state()).state === "stopped");
        const response = await route.fetch();
        await resumed;
        await route.fulfill({ response });
        sayArrived();
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Stop long" }).click();
    await page.getByRole("button", { name: "Resume long" }).click();
    await page.getByRole("button", { name: "Stop long" }).waitFor();
    sayResumed();
    await arrived;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(await page.getByRole("button", { name: "Stop long" }).count()).toBe(1);
    await page.getByRole("button", { name: "Stop long" }).click();
    await page.getByRole("button", { name: "Resume long" }).waitFor();
    await page.getByLabel("Name of the run").fill("wrong");
    await page.getByLabel("epochs", { exact: true }).fill("many");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page
      .getByTestId("run-wrong")
      .getByText(/epochs/u)
      .waitFor();
  });

  it("compares runs: metrics with paired tests, curves, routing, misjudged samples, files", async () => {
    const page = await visit("compare/first/second");
    await page.getByText(/Improvement on first/u).waitFor();
    const loss = page.getByRole("img", { name: /^Learning curves/u });
    expect(await loss.locator("path").count()).toBeGreaterThan(1);
    const curves = page.getByRole("figure", { name: /^Learning curves/u });
    await curves.getByText("Numbers", { exact: true }).click();
    await curves.getByRole("rowheader", { name: "3", exact: true }).waitFor();
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
    const heading = page.getByRole("rowheader", { name: "Non0_acc_2 ↑" }).first();
    const help = await heading.getAttribute("title");
    expect(help).toMatch(/^Fraction of samples with the correct sign/u);
    const described = `#${(await heading.getAttribute("aria-describedby")) ?? ""}`;
    expect(await page.locator(described).textContent()).toBe(help);
    await page.getByText("What the metrics mean").click();
    await page.getByRole("definition").filter({ hasText: "in the unit of the labels" }).waitFor();
    const unexplained = 'table[aria-labelledby] th[scope="row"]:not([title])';
    expect(await page.getByRole("region", { name: "Metrics" }).locator(unexplained).count()).toBe(0);
    const worst = page.getByRole("group", { name: "Misjudged samples" }).locator("tbody tr");
    const errors = (await worst.locator("td:nth-child(2)").allTextContents()).map(Number);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors.length).toBeGreaterThan(5);
    const list = page.getByRole("region", { name: "Misjudged first" });
    while (await list.getByRole("button", { name: "Show more" }).isVisible())
      await list.getByRole("button", { name: "Show more" }).click();
    const shown = await worst.locator("td:last-child").allTextContents();
    const predictions = readFileSync(join(folder, "runs/first/predictions-test.jsonl"), "utf8");
    const doubted = predictions
      .trim()
      .split("\n")
      .map((line) => doubtsOf(JSON.parse(line) as Prediction).length);
    expect(shown.map((text) => (text === "–" ? 0 : text.split(", ").length)).sort()).toEqual(doubted.sort());
  });

  it("measures runs under noise, and shows a sample of the map of joint features", async () => {
    const page = await visit("compare/first/second");
    await page.getByRole("button", { name: "Measure 2 runs" }).click();
    await page.getByRole("button", { name: "All are measured" }).waitFor();
    await page.getByRole("img", { name: /^Damage curve/u }).waitFor();
    const lines = page.locator('[aria-label="Numbers of Damage curve"] thead th');
    expect(await lines.allTextContents()).toEqual(["noise: Gaussian", "first", "second"]);
    await page.getByRole("img", { name: /^first: heat maps of expert load by kind/u }).waitFor();
    await page.getByRole("img", { name: /^first: predicted uncertainty against true severity/u }).waitFor();
    const choice = page.getByLabel("Sample of the map");
    const [, , , id = "", other = ""] = await choice.locator("option").allTextContents();
    await choice.selectOption(id);
    await page.getByRole("button", { name: "Show the sample" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: id, exact: true });
    await dialog.getByText(/^Label /u).waitFor();
    expect(await dialog.getByRole("rowheader", { name: "second" }).count()).toBeGreaterThan(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.locator("svg.map path").nth(4).dispatchEvent("click"); // marks may cover each other
    await page.getByRole("dialog", { name: other, exact: true }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
  });

  it("shows a data set, predicts a sample of it, and takes its label", async () => {
    const page = await visit("data");
    await page.getByRole("heading", { name: /^synthetic/u }).waitFor();
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
  });

  it("orders samples by uncertainty, takes the labels of two people, and marks a sample", async () => {
    const page = await visit("data");
    await page.getByLabel("Label least").fill("");
    await page.getByLabel("Label least").press("Tab");
    await page.getByRole("combobox", { name: "Order" }).first().selectOption("uncertain");
    const rows = page.getByRole("group", { name: "Samples", exact: true }).locator("tbody tr");
    await page.getByRole("columnheader", { name: "doubted" }).first().waitFor(); // with the first answer
    const shown = (await rows.locator("td.number").allTextContents()).map(Number);
    expect(shown).toHaveLength(20);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    const [first = ""] = await rows.getByRole("rowheader").allTextContents();
    const id = first.trim();
    for (const [person, label] of [
      ["Anna", "1.5"],
      ["Ben", "-1"],
    ] as const) {
      await page.getByLabel("Your name").fill(person);
      await page.getByLabel("Your name").press("Tab");
      await page.getByRole("button", { name: "Start", exact: true }).click();
      await page.getByLabel(`Label of ${id}: sentiment`).fill(label);
      await page.getByRole("button", { name: "Store and next" }).click();
      await page.getByText(`Stored ${Number(label).toFixed(2)} for test/${id}.`).waitFor();
    }
    const agreement = page.getByRole("row", { name: /^Whole sample 2 1 numbers/u });
    expect(await agreement.getByRole("cell").last().textContent()).toBe("0");
    await page.getByRole("button", { name: id, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: id, exact: true });
    await dialog.getByLabel("Mark the sample, with a note").fill("two people speak");
    await dialog.getByRole("button", { name: "Mark", exact: true }).press("Enter");
    await dialog.getByRole("button", { name: "Remove the mark" }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Marks" }).selectOption("true");
    await page.getByTestId("total").getByText("1 to 1 of 1").waitFor();
    const table = await (await fetch(`${served.address}v1/exports/labels/synthetic`)).text();
    expect(table.split("\r\n").slice(0, 2)).toEqual([
      "sample,modality,flag,label_Anna,label_Ben",
      `test/${id},all,two people speak,1.5,-1`,
    ]);
  });

  it("takes labels of new files, one input alone, and sends nothing of the files", async () => {
    const page = await visit("data");
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    await page.getByLabel("Your name").fill("Anna");
    await page.getByLabel("Your name").press("Tab");
    await page.getByRole("combobox", { name: "Samples" }).selectOption("files");
    await page.getByRole("combobox", { name: "What you label" }).selectOption("text");
    await page.getByTestId("label-files").setInputFiles([
      { name: "call.txt", mimeType: "text/plain", buffer: Buffer.from("a secret word") },
      { name: "call.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") },
      { name: "post.txt", mimeType: "text/plain", buffer: Buffer.from("not again") },
    ]);
    const queue = page.getByTestId("label-queue");
    await queue.getByText("a secret word").waitFor();
    expect(await queue.getByText("1 of 2").count()).toBe(1);
    expect(await queue.locator("audio").count(), "the sound, while the text alone is labelled").toBe(0);
    await queue.getByRole("button", { name: "-2", exact: true }).click();
    await queue.getByRole("button", { name: "Store and next" }).click();
    await page.getByText("Stored -2.00 for call.").waitFor();
    await queue.getByText("not again").waitFor();
    const table = await (await fetch(`${served.address}v1/exports/labels/clips`)).text();
    expect(table.trim().split("\r\n")).toEqual(["sample,modality,flag,label_Anna", "call,text,,-2"]);
    expect(sent.filter((body) => body.includes("secret"))).toEqual([]);
  });

  it("names a run that is gone, and shows the tables of an experiment", async () => {
    const page = await visit("compare/deleted/first");
    await page.getByText("No finished run has the name deleted.").waitFor();
    await page.getByLabel("Results of euar reproduce").selectOption("mosi-minilm");
    const panel = page.getByRole("region", { name: "Experiments" });
    await panel.getByRole("rowheader", { name: "EUAR", exact: true }).first().waitFor();
    const download = page.waitForEvent("download");
    await panel
      .getByRole("button", { name: /as CSV$/u })
      .first()
      .click();
    const csv = readFileSync(await (await download).path(), "utf8");
    expect(csv.split(/\r?\n/u).find((line) => line.startsWith("EUAR,"))).toMatch(
      /^EUAR,.*0\.\d{3} ± 0\.\d{3}/u,
    );
  });

  it("loads and unloads models, and counts requests and predictions", async () => {
    const page = await visit("serve");
    await page.getByLabel("Finished run").selectOption("second");
    await page.getByRole("button", { name: "Load", exact: true }).click();
    await page.getByTestId("model-second").waitFor();
    await page.getByRole("button", { name: "Unload second" }).click();
    await page.getByTestId("model-second").waitFor({ state: "detached" });
    const predictions = page.getByRole("row", { name: /^\/v1\/predictions /u });
    expect(Number(await predictions.getByRole("cell").first().textContent())).toBeGreaterThan(0);
    expect(await page.getByRole("list", { name: "Ranks of Text" }).getByRole("listitem").count()).toBe(10);
  });

  it("makes a key with scopes, shows its secret once, and revokes it", async () => {
    const page = await visit("serve");
    await page.getByLabel("Name of a new key").fill("support");
    await page.getByLabel("Requests per minute").fill("600");
    await page.getByRole("checkbox", { name: /^read/u }).check();
    await page.getByRole("button", { name: "Make a key" }).press("Enter");
    const secret = await page.getByLabel("Secret of the key support").textContent();
    expect(secret).toMatch(/^euar_/u);
    await page.getByTestId("key-support").getByText("predict, read").waitFor();
    const listed = await (await fetch(`${served.address}v1/keys`)).text();
    expect(JSON.parse(listed)).toMatchObject({ keys: [{ name: "support", rate: 600 }] });
    expect(listed).not.toContain(secret);
    await page.getByRole("button", { name: "Revoke support" }).click();
    await page.getByText("There is no key.").waitFor();
    expect(await page.getByLabel("Secret of the key support").count()).toBe(0);
  });

  it.each(["train", "compare", "data", "serve"])(
    "%s has no fault in both themes, scrolls nowhere sideways and does not shift",
    async (room) => {
      const { page } = studio;
      await page.setViewportSize({ width: 360, height: 900 });
      await page.goto("about:blank"); // so that the page loads anew
      await page.goto(`${served.address}#/${room}`);
      await page.waitForSelector("[data-ready=true]");
      await page.waitForLoadState("networkidle");
      expect(await page.evaluate(() => layoutShift), "layout shift").toBeLessThan(0.05);
      for (const [width, colorScheme] of [
        [360, "light"],
        [1600, "dark"],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await axeFaults(page), `${width} ${colorScheme}`).toEqual([]);
        expect(await overhang(page), `${width} ${colorScheme}`).toBeLessThanOrEqual(0);
      }
    },
  );
});

function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Returns a promise and the function that resolves it. */
function signalled(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

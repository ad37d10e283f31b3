// Makes docs/images/studio.png: trains a small model, serves the studio, corrupts a text, and takes a
// screenshot. Needs `npm run build` and a Chromium. --out FILE writes elsewhere; --run RUN uses a run of your
// own.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { findChromium } from "../test/platform/find-chromium.js";

const euar = fileURLToPath(new URL("../bin/euar.js", import.meta.url));
const { values } = parseArgs({
  options: {
    run: { type: "string" },
    out: { type: "string", default: fileURLToPath(new URL("../docs/images/studio.png", import.meta.url)) },
  },
});

const folder = mkdtempSync(join(tmpdir(), "euar-picture-"));
const run = values.run ?? join(folder, "demo");
if (values.run === undefined) {
  const options = ["--preset", "aware", "--epochs", "4", "--out", run, "--quiet"];
  spawnSync(process.execPath, [euar, "train", "--data", "synthetic", ...options], { stdio: "inherit" });
}
const server = spawn(process.execPath, [euar, "serve", "--model", `demo=${run}`, "--port", "0", "--json"]);
try {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1.5 });
  await page.goto(await addressOf(server));
  await page.waitForSelector("[data-ready=true]");
  await page.getByText("working").waitFor({ state: "hidden" });
  await page.getByTestId("card-text").getByLabel("Severity").fill("3");
  await page.locator(".was .number").waitFor();
  await page.getByText("working").waitFor({ state: "hidden" });
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: values.out });
  await browser.close();
} finally {
  server.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
}

/** Waits for the address that the server prints. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      const url = /"url":"(http:[^"]+)"/.exec(chunk.toString())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("close", () => reject(new Error("euar serve ended")));
  });
}

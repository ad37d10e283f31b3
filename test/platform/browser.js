// Opens the page in a headless browser and waits for its result. Needs no driver, only a browser that opens
// an address.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".safetensors": "application/octet-stream" };
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 120_000;

/**
 * @param executable of Chromium or a relative
 * @param weights file that the page loads
 * @returns what page.js sends
 */
export async function runInBrowser(executable, weights) {
  const profile = mkdtempSync(join(tmpdir(), "euar-browser-"));
  const { server, outcome } = serve(weights);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/test/platform/page/index.html`;
  const browser = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`, address], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  browser.stderr.on("data", (chunk) => (complaints = (complaints + chunk).slice(-2000)));
  const ended = new Promise((resolve) => browser.once("close", resolve));
  try {
    return await Promise.race([outcome, failure(browser, () => complaints), late()]);
  } finally {
    browser.kill();
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function failure(browser, complaints) {
  return new Promise((_, reject) => {
    browser.once("error", reject);
    browser.once("close", (code) =>
      reject(new Error(`the browser ended (${code}) before the page answered: ${complaints()}`)),
    );
  });
}

function late() {
  return new Promise((_, reject) =>
    setTimeout(
      () => reject(new Error(`the page did not answer within ${PATIENCE / 1000} s`)),
      PATIENCE,
    ).unref(),
  );
}

/** Serves the repository's files and the weights, and receives the result. */
function serve(weights) {
  let settle;
  const outcome = new Promise((resolve) => (settle = resolve));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST" && pathname === "/outcome") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        response.end();
        settle(JSON.parse(body));
      });
      return;
    }
    const file = pathname === "/weights.safetensors" ? weights : join(root, normalize(pathname));
    try {
      const content = readFileSync(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return { server, outcome };
}

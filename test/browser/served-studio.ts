import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { requireBuild, root } from "../run-euar.js";
import { startedServer } from "../running-server.js";
import { PATIENCE, within } from "../within.js";

/** `euar serve` in its own process. */
export interface ServedStudio {
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts `euar serve` on a free port.
 * @param models run folders by the names of their models
 * @param options more options of the command
 * @throws Error with its output if it ends before it serves
 */
export async function serveStudio(
  models: Readonly<Record<string, string>>,
  options: readonly string[] = ["--no-store"],
): Promise<ServedStudio> {
  requireBuild();
  const loaded = Object.entries(models).flatMap(([name, run]) => ["--model", `${name}=${run}`]);
  const server = await startedServer([...loaded, ...options]);
  return {
    address: `${server.url}/`,
    stop: async () => {
      await server.stop("SIGINT");
    },
  };
}

/** Adds up the compressed sizes of the scripts and styles among files of the studio, without adapters. */
export function compressedSize(files: readonly string[]): number {
  return [...new Set(files)]
    .filter((name) => /\.(js|css)$/u.test(name) && !name.startsWith("adapter-"))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(root, "dist/studio/assets", name))).length, 0);
}

/** Page of the studio, with what it asked for and what went wrong. */
export interface OpenStudio {
  readonly page: Page;
  /** Names of the files of the studio that it asked for, also in workers. */
  readonly files: readonly string[];
  /** Requests to other addresses than the server's. */
  readonly foreign: readonly string[];
  /** Errors and warnings on the console, and violations of the security policy. */
  readonly complaints: readonly string[];
}

export interface StudioView {
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  /** Room to open, for example "try". */
  readonly room?: string;
  /** False to open the page as in a browser without workers. */
  readonly withWorkers?: boolean;
}

/** Opens a room of the studio and waits until it is ready. */
export async function openStudio(
  browser: Browser,
  address: string,
  { scheme = "light", width = 1200, room = "try", withWorkers = true }: StudioView = {},
): Promise<OpenStudio> {
  const view = { colorScheme: scheme, viewport: { width, height: 900 } };
  const context = await within("a context of Chromium", browser.newContext(view));
  context.setDefaultTimeout(PATIENCE);
  const foreign: string[] = [];
  const complaints: string[] = [];
  const files: string[] = [];
  context.on("request", (request) => {
    const file = /\/assets\/([^/?]+)$/u.exec(request.url())?.[1];
    if (file !== undefined) files.push(file);
    const { origin, protocol } = new URL(request.url());
    if (`${origin}/` !== address && !["blob:", "data:"].includes(protocol)) foreign.push(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  const page = await within("a page of Chromium", context.newPage());
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.addInitScript(watchLayout);
  if (!withWorkers) await page.addInitScript(() => Reflect.deleteProperty(globalThis, "Worker"));
  await page.goto(`${address}#/${room}`);
  await page.waitForSelector("[data-ready=true]");
  return { page, files, foreign, complaints };
}

declare global {
  /** Sum of the layout shifts since the page was opened. */
  var layoutShift: number;
}

function watchLayout(): void {
  globalThis.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if ("value" in entry && typeof entry.value === "number") globalThis.layoutShift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}

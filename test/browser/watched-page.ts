import { type Browser, chromium, type Page, type Route } from "playwright-core";
import { PATIENCE, within } from "../within.js";

/** Page with a record of all its requests and errors. */
export interface WatchedPage {
  readonly page: Page;
  /** Requested addresses outside the page's own origin. Each one was blocked. */
  readonly foreign: readonly string[];
  /** Addresses requested until the page was ready. */
  readonly whileLoading: readonly string[];
  /** Addresses requested since the page was ready, except those of the page itself (blob:, data:). */
  readonly sinceReady: string[];
  /** Errors on the console, including violations of the security policy. */
  readonly complaints: string[];
}

/**
 * Starts a headless Chromium with a simulated camera and microphone.
 * @param flags additional flags
 */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: PATIENCE,
    args: ["--no-sandbox", "--use-fake-device-for-media-stream", ...flags],
  });
}

/** Ends Chromium. */
export function closeChromium(browser: Browser): Promise<void> {
  return within("the end of Chromium", browser.close());
}

/**
 * Opens the example, waits until it is ready, and disconnects it from the network.
 * @param policy false to disable its content security policy, which blocks a worker's requests before they
 * can be recorded
 * @param offline false to keep its network, for a page that loads more on request
 */
export async function openExample(
  browser: Browser,
  address: string,
  { policy, offline = true }: { readonly policy: boolean; readonly offline?: boolean },
): Promise<WatchedPage> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  if (!policy) await context.route(`${address}**`, withoutPolicy);
  const foreign: string[] = [];
  const whileLoading: string[] = [];
  const sinceReady: string[] = [];
  const complaints: string[] = [];
  let isReady = false;
  await context.route(
    (url) => url.origin !== new URL(address).origin && !["blob:", "data:"].includes(url.protocol),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  context.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url())) (isReady ? sinceReady : whileLoading).push(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.goto(address);
  await page.waitForSelector("body[data-ready]");
  if (offline) await context.setOffline(true);
  isReady = true;
  return { page, foreign, whileLoading, sinceReady, complaints };
}

async function withoutPolicy(route: Route): Promise<void> {
  const response = await route.fetch();
  const headers = Object.entries(response.headers()).filter(([name]) => name !== "content-security-policy");
  await route.fulfill({ response, headers: Object.fromEntries(headers) });
}

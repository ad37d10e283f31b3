import { type Browser, chromium, type Page, type Route } from "playwright-core";

/** Milliseconds that a page may take over one step. Against hanging, not against slowness. */
export const PATIENCE = 200_000;

/** A page with a record of everything that it asked for or complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Addresses outside the page's own origin that were asked for; each was blocked. */
  readonly foreign: readonly string[];
  /** Addresses that were asked for until the page was ready. */
  readonly whileLoading: readonly string[];
  /** Addresses that were asked for since the page was ready, but for what it made itself (blob:, data:). */
  readonly sinceReady: string[];
  /** Errors on the console, with refusals by the security policy. */
  readonly complaints: string[];
}

/** A Chromium without a window whose camera and microphone are made up. @param flags more of its flags */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--use-fake-device-for-media-stream", ...flags],
  });
}

/**
 * Opens the example, waits until it is ready, and takes the network away from it.
 * @param policy false: without its content security policy, which refuses what a worker asks of others before
 * anybody sees that it asked
 * @param offline false: with its network, for a page that loads more when asked to
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

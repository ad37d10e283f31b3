import { causeText } from "../core/cause-text.js";
import { MediaError } from "../core/errors.js";
import type { ReadAsset } from "./asset.js";

/**
 * Returns a reader of package files that a page serves: `path` of `packageName` is at
 * `{base}/{packageName}/{path}`. Requests nothing else, and caches nothing beyond the browser's cache.
 * @param base relative to the page (in a worker, to its script), or absolute, e.g. "assets"
 * @throws the reader throws MediaError "media.missing-package" for a file that is not served
 * @example
 * const readAsset = fetchAssets("assets"); // assets/nsfwjs/package.json, ...
 */
export function fetchAssets(base: string | URL): ReadAsset {
  const folder = new URL(
    `${String(base).replace(/\/+$/u, "")}/`,
    typeof document === "undefined" ? location.href : document.baseURI,
  );
  const address = (packageName: string, path: string): string =>
    new URL(`${packageName}/${path}`, folder).href;
  return Object.assign((packageName: string, path: string) => read(address(packageName, path), packageName), {
    address,
  });
}

async function read(address: string, packageName: string): Promise<Uint8Array> {
  const answer = await ask(address, packageName);
  if (!answer.ok) throw notServed(packageName, `the server answered ${answer.status} for ${address}`);
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch (cause) {
    throw notServed(packageName, `the download of ${address} was interrupted`, cause);
  }
}

async function ask(address: string, packageName: string): Promise<Response> {
  try {
    return await fetch(address);
  } catch (cause) {
    throw notServed(packageName, `${address} cannot be reached (${causeText(cause)})`, cause);
  }
}

function notServed(packageName: string, reason: string, cause?: unknown): MediaError {
  return new MediaError(
    "media.missing-package",
    `a file of the package ${packageName} is not served: ${reason}`,
    {
      hint: "Serve the files that docs/browser.md lists, and check the page's content security policy.",
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

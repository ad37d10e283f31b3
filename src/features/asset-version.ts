import { MediaError } from "../core/errors.js";
import type { ReadAsset } from "./asset.js";

/**
 * Returns the version in a package's package.json.
 * @throws MediaError "media.missing-package" if the package is missing or states no version
 */
export async function assetVersion(readAsset: ReadAsset, packageName: string): Promise<string> {
  const value = parseAsset(packageName, "package.json", await readAsset(packageName, "package.json"));
  if (typeof value === "object" && value !== null && "version" in value && typeof value.version === "string")
    return value.version;
  throw damagedAsset(packageName, "package.json", "it states no version");
}

/** Reads a JSON file of a package. */
export async function readJsonAsset(
  readAsset: ReadAsset,
  packageName: string,
  path: string,
): Promise<unknown> {
  return parseAsset(packageName, path, await readAsset(packageName, path));
}

/**
 * Error for an existing file with unexpected content (an error page served in its place, a broken download).
 */
export function damagedAsset(packageName: string, path: string, reason: string, cause?: unknown): MediaError {
  return new MediaError("media.missing-package", `${path} of ${packageName} is not usable: ${reason}`, {
    hint: `Install it again: npm install ${packageName}. In a browser, check what the page serves for it.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function parseAsset(packageName: string, path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw damagedAsset(packageName, path, "it is not JSON", cause);
  }
}
